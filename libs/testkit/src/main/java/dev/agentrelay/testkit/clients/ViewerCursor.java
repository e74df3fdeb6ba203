package dev.agentrelay.testkit.clients;

import dev.agentrelay.testkit.clients.Envelope.Verdict;
import java.util.Set;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * The browser's rules for one session it looks at (sockets.md 4.6): which envelopes count, and when
 * something is missing. Not thread-safe.
 */
final class ViewerCursor {
  private static final Set<String> NEEDS_SNAPSHOT = Set.of("message_", "turn_", "tool_execution_");

  private final String sessionId;
  private final long generation;
  private @Nullable Long cursor;
  private boolean awaitingSnapshot;
  private boolean assembling;
  private boolean gap;

  /** Starts at {@code cursor} when the browser was here before, else waits for a snapshot. */
  ViewerCursor(String sessionId, long generation, @Nullable Long cursor) {
    this.sessionId = sessionId;
    this.generation = generation;
    this.cursor = cursor;
    this.awaitingSnapshot = cursor == null;
  }

  String sessionId() {
    return sessionId;
  }

  long generation() {
    return generation;
  }

  /** The last sequence number that counts as seen; {@code null} before any. */
  @Nullable Long position() {
    return cursor;
  }

  boolean awaitingSnapshot() {
    return awaitingSnapshot;
  }

  /** Whether a server message that names a generation is for this switch. */
  boolean concerns(JSONObject payload) {
    Long given = Json.number(payload, "generation");
    return given == null || given == generation;
  }

  /** The server's {@code connected}: its counter replaces an unknown cursor or a larger one. */
  void connected(@Nullable Long lastSeq) {
    if (lastSeq != null && (cursor == null || lastSeq < cursor)) {
      cursor = lastSeq;
    }
  }

  /** Judges one envelope and moves the cursor. */
  Verdict judge(JSONObject envelope) {
    gap = false;
    JSONObject event = Json.objectAt(envelope, "event");
    String type = event.optString("type");
    String session = Json.text(envelope, "sessionId");
    if (session != null && !session.equals(sessionId)) {
      return Verdict.OTHER_SESSION;
    }
    if (!concerns(envelope)) {
      return Verdict.OTHER_GENERATION;
    }
    boolean snapshot = isSnapshot(type, event);
    boolean usableEarly = snapshot || type.equals("session_messages_chunk");
    if (awaitingSnapshot && !usableEarly) {
      if (envelope.isNull("generation") || NEEDS_SNAPSHOT.stream().anyMatch(type::startsWith)) {
        return assembling ? Verdict.QUEUED : Verdict.BEFORE_SNAPSHOT;
      }
    }
    if (!follows(Json.number(envelope, "seq"), envelope.optBoolean("deltaReplay"), snapshot)) {
      return Verdict.OLD;
    }
    takeSnapshot(type, event, snapshot);
    return Verdict.ACCEPTED;
  }

  /** Whether the last judged envelope came after one that is missing. */
  boolean gap() {
    return gap;
  }

  private boolean follows(@Nullable Long seq, boolean delta, boolean snapshot) {
    if (seq == null) {
      return true;
    }
    Long seen = cursor;
    if (seen != null && !(awaitingSnapshot && snapshot)) {
      if (delta ? seq <= seen : seq < seen) {
        return false;
      }
      gap = !delta && seq > seen + 1;
    }
    cursor = seq;
    return true;
  }

  private void takeSnapshot(String type, JSONObject event, boolean snapshot) {
    if (snapshot) {
      assembling = Json.objectAt(event, "state").optBoolean("chunked");
      awaitingSnapshot = assembling;
    } else if (type.equals("session_messages_chunk") && event.optBoolean("final")) {
      assembling = false;
      awaitingSnapshot = false;
    }
  }

  private static boolean isSnapshot(String type, JSONObject event) {
    return type.equals("session_active") || (type.equals("agent_end") && event.has("messages"));
  }
}
