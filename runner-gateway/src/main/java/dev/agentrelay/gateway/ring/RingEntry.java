package dev.agentrelay.gateway.ring;

import dev.agentrelay.socketio.RawJson;

/**
 * An event in a session's ring.
 *
 * @param seq the viewers' sequence number; for an unsequenced entry that of the event before it
 * @param sequenced whether viewers saw the event under this number; a snapshot put together from
 *     chunks has none
 */
public record RingEntry(long seq, boolean sequenced, RawJson event) {}
