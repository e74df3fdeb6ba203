package dev.agentrelay.contracts;

/**
 * Names one running replica of a service. Text without dots, because an Engine.IO sid carries it as
 * its prefix.
 */
public record ReplicaId(String value) implements Id {
  public ReplicaId {
    Id.requireText(value);
    if (value.indexOf('.') >= 0) {
      throw new IllegalArgumentException("a replica id must not contain a dot");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
