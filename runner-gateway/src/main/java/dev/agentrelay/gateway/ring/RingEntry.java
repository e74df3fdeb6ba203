package dev.agentrelay.gateway.ring;

import dev.agentrelay.socketio.RawJson;

/**
 * An event in a session's ring.
 *
 * @param seq the viewers' sequence number; for an unsequenced entry that of the event that
 *     completed it
 * @param sequenced whether viewers saw the event under this number; a snapshot put together from
 *     chunks has none, and its entry is but its place
 */
public record RingEntry(long seq, boolean sequenced, RawJson event) {

  /** Whether this is the entry of that ring id. */
  public boolean is(String ringId) {
    return ringId.equals(seq + (sequenced ? "-0" : "-1"));
  }
}
