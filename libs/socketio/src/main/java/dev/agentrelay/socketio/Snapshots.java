package dev.agentrelay.socketio;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Whole states that a socket is sent. Each is as old as the moment it was read in, so what is said
 * in the socket's rooms meanwhile is sent behind it: a state must not undo news that overtook it.
 * Thread-safe.
 */
public final class Snapshots {
  private final Socket socket;
  private int underWay; // on the socket's event loop

  public Snapshots(Socket socket) {
    this.socket = socket;
  }

  /**
   * Reads a state and sends it as an event.
   *
   * @param read begins to read; called on the socket's event loop, after the rooms were joined
   * @return fails, with nothing sent, when the state cannot be read
   */
  public Future<Void> send(String event, Supplier<Future<RawJson>> read) {
    Promise<Void> sent = Promise.promise();
    socket
        .context()
        .runOnContext(
            begin -> {
              if (underWay++ == 0) {
                socket.pauseRooms();
              }
              read.get()
                  .onSuccess(state -> socket.emit(event, state))
                  .<Void>mapEmpty()
                  .onComplete(
                      result -> {
                        socket.context().runOnContext(end -> finish());
                        sent.handle(result);
                      });
            });
    return sent.future();
  }

  private void finish() {
    underWay--;
    if (underWay == 0) {
      socket.resumeRooms(0);
    }
  }
}
