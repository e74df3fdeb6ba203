package dev.agentrelay.platform.live;

/** The fields of a session's latest snapshot. */
public enum SnapshotField {
  /** The snapshot's place in the ring. */
  ID("id"),
  /** The {@code session_active} event as JSON text; absent when it is stored in pieces. */
  EVENT("event"),
  /** The key under which the pieces of the event's JSON text lie, when it is large. */
  BODY("body"),
  /** How many pieces there are. */
  PIECES("pieces"),
  /** How many bytes all pieces have together. */
  BYTES("bytes"),
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
