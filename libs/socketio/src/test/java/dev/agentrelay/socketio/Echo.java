package dev.agentrelay.socketio;

/** Namespaces that answer what they are sent, for tests of the wire. */
final class Echo {
  private Echo() {}

  static void declare(SocketIoServer server) {
    server.namespace("/").onConnect(Echo::serve);
    server.namespace("/custom").onConnect(Echo::serve);
  }

  static void serve(Socket socket) {
    socket.onBinary(
        "message",
        (args, attachments, ack) ->
            socket.emit(
                socket
                    .namespace()
                    .encodeBinary("message-back", attachments, args.toArray(new RawJson[0]))));
    socket.onBinary(
        "message-with-ack",
        (args, attachments, ack) -> ack.sendBinary(attachments, args.toArray(new RawJson[0])));
    socket.on("leave", (args, ack) -> socket.disconnect());
    socket.on("leave-and-close", (args, ack) -> socket.disconnectAndClose());
    socket.on("drop", (args, ack) -> socket.closeTransport());
    socket.on(
        "fail",
        (args, ack) -> {
          throw new IllegalStateException("a handler's fault");
        });
  }
}
