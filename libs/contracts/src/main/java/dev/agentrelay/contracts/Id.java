package dev.agentrelay.contracts;

/** A name on the wire: opaque text, never blank, written in JSON as a plain string. */
public sealed interface Id permits CommandId, ReplicaId, RunnerId, SessionId, TerminalId, UserId {
  String value();

  static void requireText(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("an id must not be blank");
    }
  }
}
