package dev.agentrelay.contracts;

/** Names one runner, the daemon on a developer machine. */
public record RunnerId(String value) implements Id {
  public RunnerId {
    Id.requireText(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
