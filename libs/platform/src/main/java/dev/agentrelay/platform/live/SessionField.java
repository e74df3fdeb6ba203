package dev.agentrelay.platform.live;

/**
 * The fields of a live session's record. Times are epoch milliseconds, flags {@code 1} or {@code
 * 0}.
 */
public enum SessionField {
  USER_ID("userId"),
  USER_NAME("userName"),
  CWD("cwd"),
  SHARE_URL("shareUrl"),
  STARTED_AT("startedAt"),
  EPHEMERAL("ephemeral"),
  COLLAB("collab"),
  EXPIRES_AT("expiresAt"),
  NAME("name"),
  ACTIVE("active"),
  HEARTBEAT_AT("heartbeatAt"),
  /** The last heartbeat event as JSON text. */
  HEARTBEAT("heartbeat"),
  /** The model of the last heartbeat as JSON text; absent before the first. */
  MODEL("model"),
  RUNNER_ID("runnerId"),
  RUNNER_NAME("runnerName"),
  PARENT_ID("parentId"),
  /** A parent that was away when its child registered. */
  LINKED_PARENT_ID("linkedParentId"),
  /** Whether the worker has said that it acknowledges triggers. */
  ACKS_TRIGGERS("acksTriggers"),
  /** Counts registrations; a writer with an older epoch is refused. */
  EPOCH("epoch"),
  /** The replica that holds the worker's socket. */
  REPLICA("replica"),
  /** The last sequence number given to a viewer event. */
  SEQ("seq"),
  /**
   * The highest number that events had in earlier registrations; a viewer's cursor up to it may be
   * one of those.
   */
  EARLIER_SEQ("earlierSeq"),
  /** Metadata newer than the snapshot, as JSON text. */
  OVERLAY("overlay"),
  /** The session's meta state as JSON text. */
  META("meta"),
  /** Until when an unfinished chunked snapshot counts as being in flight; 0 when there is none. */
  CHUNKS_UNTIL("chunksUntil"),
  SESSION_FILE("sessionFile");

  private final String key;

  SessionField(String key) {
    this.key = key;
  }

  /** The field's name in the hash. */
  public String key() {
    return key;
  }
}
