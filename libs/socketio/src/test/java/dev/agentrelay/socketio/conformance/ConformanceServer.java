package dev.agentrelay.socketio.conformance;

import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import dev.agentrelay.socketio.SocketIoOptions;
import dev.agentrelay.socketio.SocketIoServer;
import dev.agentrelay.socketio.engine.CloseReason;
import dev.agentrelay.socketio.engine.EngineConnection;
import dev.agentrelay.socketio.engine.EngineFrame;
import dev.agentrelay.socketio.engine.EngineListener;
import dev.agentrelay.socketio.engine.EngineOptions;
import dev.agentrelay.socketio.engine.EngineServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What the official suites expect to find on port 3000: an echo under {@code /engine.io/}, and
 * under {@code /socket.io/} the namespaces {@code /} and {@code /custom} that answer {@code
 * message} and {@code message-with-ack}.
 */
public final class ConformanceServer {
  private static final SocketIoOptions OPTIONS =
      SocketIoOptions.defaults()
          .withPing(Duration.ofMillis(300), Duration.ofMillis(200))
          .withConnectTimeout(Duration.ofSeconds(1))
          .withMaxPayload(1_000_000);

  private final EngineServer echo;
  private final SocketIoServer socketIo;

  private ConformanceServer(Vertx vertx) {
    this.echo = new EngineServer(vertx, engineOptions(), Echo::new);
    this.socketIo = SocketIoServer.create(vertx, OPTIONS);
    for (String name : new String[] {"/", "/custom"}) {
      socketIo.namespace(name).onConnect(ConformanceServer::serve);
    }
  }

  public static void main(String[] args) throws Exception {
    HttpServer server = start(Vertx.vertx(), args.length == 0 ? 3000 : Integer.parseInt(args[0]));
    System.out.println("Waiting for the suites on port " + server.actualPort());
  }

  /** Starts on loopback; port 0 takes a free one. */
  public static HttpServer start(Vertx vertx, int port) throws Exception {
    ConformanceServer server = new ConformanceServer(vertx);
    return vertx
        .createHttpServer(SocketIoServer.httpServerOptions(OPTIONS))
        .requestHandler(server::handle)
        .listen(port, "localhost")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static EngineOptions engineOptions() {
    return new EngineOptions(
        OPTIONS.pingInterval(),
        OPTIONS.pingTimeout(),
        OPTIONS.connectTimeout(),
        OPTIONS.upgradeTimeout(),
        OPTIONS.maxPayload(),
        OPTIONS.maxBufferedBytes(),
        OPTIONS.trustedOrigins(),
        OPTIONS.sidFactory(),
        OPTIONS.foreignSidHandler());
  }

  private void handle(HttpServerRequest request) {
    if (request.path().startsWith("/engine.io/")) {
      echo.handle(request);
    } else if (request.path().startsWith(OPTIONS.path())) {
      socketIo.handle(request);
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private static void serve(Socket socket) {
    RawJson auth = socket.handshake().auth();
    socket.emit("auth", auth == null ? RawJson.of("{}") : auth);
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
  }

  /** Sends every engine message back. */
  private record Echo(EngineConnection connection) implements EngineListener {
    Echo {
      connection.admit();
    }

    @Override
    public void onText(byte[] array, int offset, int length) {
      connection.send(
          EngineFrame.message(
              length,
              (target, position) -> System.arraycopy(array, offset, target, position, length)));
    }

    @Override
    public void onBinary(byte[] message) {
      connection.send(EngineFrame.binary(message));
    }

    @Override
    public void onClose(CloseReason reason) {}
  }
}
