package dev.agentrelay.gateway.worker;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.socketio.Acknowledgement;
import java.util.Map;

/** A feature that listens to registered workers. Called on the socket's event loop. */
public interface WorkerFeature {
  /** Takes one event of a worker. */
  @FunctionalInterface
  interface Handler {
    void handle(OwnedSession session, RawObject payload, Acknowledgement ack);
  }

  /** Events that carry the session's token; without it they are refused before they come here. */
  default Map<String, Handler> events() {
    return Map.of();
  }

  /** Events that carry no token. */
  default Map<String, Handler> openEvents() {
    return Map.of();
  }

  /** The worker has been told that it is registered. */
  default void registered(OwnedSession session) {}

  /** The worker has said goodbye; its record is still there. */
  default void ending(OwnedSession session) {}
}
