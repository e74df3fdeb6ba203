package dev.agentrelay.socketio.engine;

/** Why an engine connection ended. */
public enum CloseReason {
  /** The client sent the engine's close packet, or closed its WebSocket. */
  TRANSPORT_CLOSE,
  /** The transport failed or was used against its rules. */
  TRANSPORT_ERROR,
  /** The client sent what is no packet, or more than is allowed. */
  PARSE_ERROR,
  /** The client answered no ping in time. */
  PING_TIMEOUT,
  /** The client joined no namespace in time. */
  CONNECT_TIMEOUT,
  /** The client reads too slowly for what is sent to it. */
  SLOW_CONSUMER,
  /** This side closed the connection. */
  SERVER_CLOSE,
  /** This side is going away. */
  SHUTDOWN;

  /** The WebSocket status that tells the client. */
  short webSocketStatus() {
    return switch (this) {
      case SHUTDOWN -> 1001;
      case PARSE_ERROR, TRANSPORT_ERROR -> 1002;
      default -> 1000;
    };
  }
}
