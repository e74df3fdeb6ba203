package dev.agentrelay.platform.live;

/** The fields of a session's latest snapshot. */
public enum SnapshotField {
  /** The snapshot's place in the ring. */
  ID("id"),
  /** The {@code session_active} event as JSON text. */
  EVENT("event");

  private final String key;

  SnapshotField(String key) {
    this.key = key;
  }

  /** The field's name in the hash. */
  public String key() {
    return key;
  }
}
