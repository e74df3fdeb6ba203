package dev.agentrelay.contracts;

/** Names one agent session. */
public record SessionId(String value) implements Id {
  public SessionId {
    Id.requireText(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
