package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.CloseReason;

/** Why a socket has left its namespace. */
public enum DisconnectReason {
  /** The client sent a namespace DISCONNECT. */
  CLIENT_DISCONNECT,
  /** {@link Socket#disconnect} or {@link Socket#disconnectAndClose}. */
  SERVER_DISCONNECT,
  /** The client closed its transport, or the network did. */
  TRANSPORT_CLOSE,
  /** The transport failed or was used against its rules. */
  TRANSPORT_ERROR,
  /** The client sent something malformed, too long or too much. */
  PARSE_ERROR,
  /** The client answered no ping in time. */
  PING_TIMEOUT,
  /** The client read too slowly for what was sent to it. */
  SLOW_CONSUMER,
  /** {@link Socket#closeTransport}, or a namespace that was unavailable. */
  SERVER_CLOSE,
  /** The server is going away. */
  SHUTDOWN;

  static DisconnectReason of(CloseReason reason) {
    return switch (reason) {
      case TRANSPORT_CLOSE -> TRANSPORT_CLOSE;
      case TRANSPORT_ERROR -> TRANSPORT_ERROR;
      case PARSE_ERROR -> PARSE_ERROR;
      case PING_TIMEOUT -> PING_TIMEOUT;
      case SLOW_CONSUMER -> SLOW_CONSUMER;
      case SERVER_CLOSE, CONNECT_TIMEOUT -> SERVER_CLOSE;
      case SHUTDOWN -> SHUTDOWN;
    };
  }
}
