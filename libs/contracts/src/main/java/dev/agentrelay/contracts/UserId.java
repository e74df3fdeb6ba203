package dev.agentrelay.contracts;

/** Names one account. */
public record UserId(String value) implements Id {
  public UserId {
    Id.requireText(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
