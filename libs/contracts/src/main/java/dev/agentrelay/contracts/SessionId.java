package dev.agentrelay.contracts;

/** Names one agent session. Opaque on the wire. */
public record SessionId(String value) {
  public SessionId {
    Ids.requireText(value, "session id");
  }

  @Override
  public String toString() {
    return value;
  }
}
