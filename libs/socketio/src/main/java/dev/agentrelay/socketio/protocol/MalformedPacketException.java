package dev.agentrelay.socketio.protocol;

/**
 * A packet that does not follow the Socket.IO 5 grammar. The message is safe to log: it quotes
 * nothing of the packet.
 */
public final class MalformedPacketException extends Exception {
  public MalformedPacketException(String message) {
    super(message, null, false, false);
  }
}
