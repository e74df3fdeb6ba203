package dev.agentrelay.testkit.clients;

import static dev.agentrelay.testkit.clients.AgentEvents.event;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;

/** A snapshot as a header and chunks (sockets.md 4.4.4). */
public final class ChunkedSnapshot {
  private ChunkedSnapshot() {}

  static List<JSONObject> events(JSONObject state, JSONArray messages, int messagesPerChunk) {
    String snapshotId = UUID.randomUUID().toString();
    int total = messages.length();
    int chunks = Math.max(1, (total + messagesPerChunk - 1) / messagesPerChunk);
    Json.put(state, "messages", new JSONArray());
    Json.put(state, "chunked", true);
    Json.put(state, "snapshotId", snapshotId);
    Json.put(state, "totalMessages", total);
    List<JSONObject> events = new ArrayList<>();
    events.add(event("session_active", "state", state));
    for (int chunk = 0; chunk < chunks; chunk++) {
      JSONArray slice = new JSONArray();
      int end = Math.min(total, (chunk + 1) * messagesPerChunk);
      for (int i = chunk * messagesPerChunk; i < end; i++) {
        slice.put(messages.opt(i));
      }
      events.add(Json.put(chunk(snapshotId, chunk, chunks, slice), "totalMessages", total));
    }
    return events;
  }

  /** One chunk; the one before {@code total} says that it is the last. */
  public static JSONObject chunk(String snapshotId, int index, int total, JSONArray messages) {
    return event(
        "session_messages_chunk",
        "snapshotId",
        snapshotId,
        "chunkIndex",
        index,
        "totalChunks",
        total,
        "messages",
        messages,
        "final",
        index == total - 1);
  }
}
