package dev.agentrelay.gateway.viewer;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.socketio.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A live session with what a viewer needs to begin with.
 *
 * @param heartbeat the last heartbeat event
 * @param overlay metadata newer than the snapshot
 * @param earlierSeq the highest number that events had before the worker registered again
 * @param chunks whether a snapshot in chunks is on its way
 */
record ViewedSession(
    LiveSession live,
    long earlierSeq,
    @Nullable RawJson heartbeat,
    @Nullable RawObject overlay,
    Chunks chunks) {

  /** How far a snapshot is that the worker sends in chunks (sockets.md 4.4.4). */
  enum Chunks {
    /** There is none, or all of it has come. */
    NONE,
    /** Its chunks come in, and the last one will bring every viewer up to date. */
    ARRIVING,
    /** No chunk has come for a while; it may never be complete. */
    STALE
  }

  /**
   * Whether a viewer that comes back may have counted this far before the worker registered again,
   * so that the same number stands for another event now.
   */
  boolean mayPredate(long cursor) {
    return cursor > 0 && cursor <= earlierSeq;
  }

  /** An {@code event} for a viewer, under the number that the session has (sockets.md 4.6). */
  RawObject envelope(RawJson event) {
    return envelope(event, live.seq());
  }

  /** An {@code event} for a viewer under a number of its own. */
  RawObject envelope(RawJson event, long seq) {
    return RawObject.empty()
        .put("event", event)
        .put("seq", seq)
        .put("sessionId", live.sessionId().value());
  }
}
