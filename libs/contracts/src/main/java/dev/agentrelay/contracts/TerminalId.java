package dev.agentrelay.contracts;

/** Names one terminal on a runner's machine. */
public record TerminalId(String value) implements Id {
  public TerminalId {
    Id.requireText(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
