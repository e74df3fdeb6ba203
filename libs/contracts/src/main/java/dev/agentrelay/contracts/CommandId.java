package dev.agentrelay.contracts;

/**
 * Names one command for ever: whoever sends it again, because it heard nothing, sends it under the
 * same id, and it is still done once.
 */
public record CommandId(String value) implements Id {
  public CommandId {
    Id.requireText(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
