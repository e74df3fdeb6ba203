package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.Acknowledgement;
import dev.agentrelay.socketio.Socket;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A feature that listens to viewers. Called on the socket's event loop. */
public interface ViewerFeature {
  /** Takes one event of a viewer. */
  @FunctionalInterface
  interface Handler {
    void handle(Shown shown, RawObject payload, Acknowledgement ack);
  }

  /**
   * What the viewer looks at just now.
   *
   * @param session absent while it shows none
   * @param collab whether the session lets its viewers act (sockets.md 4.5)
   */
  record Shown(@Nullable SessionId session, UserId user, boolean collab, Socket socket) {}

  /** What is done with which event. */
  Map<String, Handler> events();
}
