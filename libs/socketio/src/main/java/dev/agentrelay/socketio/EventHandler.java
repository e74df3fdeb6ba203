package dev.agentrelay.socketio;

import java.util.List;

/**
 * Handles one event of one socket, on the connection's event loop and in arrival order. Must not
 * block.
 */
@FunctionalInterface
public interface EventHandler {
  /**
   * Handles the event.
   *
   * @param args the arguments after the event name, as they arrived; binary ones are placeholders
   * @param ack to be answered at most once, now or later, from any thread
   */
  void handle(List<RawJson> args, Acknowledgement ack);
}
