package dev.agentrelay.platform.live;

/** The fields of a session's latest snapshot. */
public enum SnapshotField {
  /** The snapshot's place in the ring. */
  ID("id"),
  /** The {@code session_active} event as JSON text; absent when it has a key of its own. */
  EVENT("event"),
  /** The key of the event's JSON text, when that came in pieces. */
  BODY("body"),
  /** Metadata newer than the snapshot, as JSON text; put there when the session ends. */
  OVERLAY("overlay");

  private final String key;

  SnapshotField(String key) {
    this.key = key;
  }

  /** The field's name in the hash. */
  public String key() {
    return key;
  }
}
