package dev.agentrelay.socketio;

import java.util.List;

/** Handles an event that may bring binary attachments; else like {@link EventHandler}. */
@FunctionalInterface
public interface BinaryEventHandler {
  /**
   * Handles the event.
   *
   * @param args where a binary value stood is {@code {"_placeholder":true,"num":n}}
   * @param attachments the n-th is the value of placeholder n; empty if the event had none
   */
  void handle(List<RawJson> args, List<byte[]> attachments, Acknowledgement ack);
}
