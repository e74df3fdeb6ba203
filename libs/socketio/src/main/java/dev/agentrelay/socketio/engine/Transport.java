package dev.agentrelay.socketio.engine;

/** One way to reach the client. Confined to the connection's event loop unless said otherwise. */
sealed interface Transport permits PollingTransport, WebSocketTransport {
  void send(EngineFrame frame);

  /** Sends a frame that goes to others of the same event loop as well. */
  void send(SharedFrame frame);

  /** Stops reading from the client. */
  void pause();

  void resume();

  /** Bytes accepted for sending and not yet taken by TCP; any thread. */
  long pendingBytes();

  /** Ends the transport. Says whether it lingers until a last request fetches what is left. */
  boolean close(CloseReason reason);
}
