package dev.agentrelay.socketio;

/** The answer to a client that wants to join a namespace. */
public sealed interface Admission {
  /**
   * The client is let in; the principal is what the application knows about it, see {@link
   * Socket#principal}.
   */
  record Accept(Object principal) implements Admission {}

  /** The client is told {@code 44/ns,{"message":…}} and does not come back by itself. */
  record Refuse(String message) implements Admission {}

  /**
   * Nobody can tell at present: the engine connection is closed without a word, so that the client
   * reconnects (contract section 1.3).
   */
  record Unavailable() implements Admission {}
}
