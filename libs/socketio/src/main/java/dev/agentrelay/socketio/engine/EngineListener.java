package dev.agentrelay.socketio.engine;

/**
 * Receives what one connection's client sends. Always called on the connection's event loop, in
 * arrival order.
 */
public interface EngineListener {
  /** A text message: UTF-8 at the given place of an array that nobody changes any more. */
  void onText(byte[] array, int offset, int length);

  /** A binary message. */
  void onBinary(byte[] message);

  /** The connection has ended; nothing else is called afterwards. */
  void onClose(CloseReason reason);
}
