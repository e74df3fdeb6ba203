package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static dev.agentrelay.gateway.BareSession.envelopes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ChunkedSnapshot;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Transcripts in chunks and those that end a run (sockets.md 4.4.2, 4.4.4, 4.6, 4.7). */
@QuarkusTest
class SnapshotTest extends GatewayTest {
  private final String id = UUID.randomUUID().toString();

  @Test
  void chunksBecomeASnapshotForWhoeverComesLater() {
    BareSession session = BareSession.register(this, id);
    RelaySocket watching = session.view();
    session.send(header("s1", 3).put("recoveryNonce", "n"));
    session.send(chunk("s1", 1, 2, "c"));
    session.send(chunk("s1", 0, 2, "a", "b"));
    session.sendStored(Json.object("type", "turn_start"));

    JSONObject header = envelope(watching, "session_active");
    assertThat(header.getLong("seq")).isEqualTo(1);
    assertThat(header.getJSONObject("event").getJSONObject("state").getBoolean("chunked")).isTrue();
    assertThat(envelope(watching, "turn_start").getLong("seq")).isEqualTo(4);
    assertThat(envelopes(watching)).hasSize(4);

    RelaySocket late = session.view();
    JSONObject replayed = envelope(late, "session_active");
    assertThat(replayed.getBoolean("replay")).isTrue();
    assertThat(replayed.has("seq")).isFalse();
    JSONObject state = replayed.getJSONObject("event").getJSONObject("state");
    assertThat(state.getJSONArray("messages").toList()).containsExactly("a", "b", "c");
    assertThat(state.getString("thinkingLevel")).isEqualTo("high");
    assertThat(state.getInt("totalMessages")).isEqualTo(3);
    assertThat(state.keySet()).doesNotContain("chunked", "snapshotId");
    assertThat(replayed.getJSONObject("event").has("recoveryNonce")).isFalse();
    assertThat(envelope(late, "turn_start").getLong("seq")).isEqualTo(4);
  }

  @Test
  void chunksThatDoNotBelongChangeNothing() {
    BareSession session = BareSession.register(this, id);
    session.send(header("s1", 2));
    session.send(chunk("other", 0, 1, "x"));
    session.send(chunk("s1", -1, 2, "x"));
    session.send(chunk("s1", 0, 2, "a"));
    session.send(chunk("s1", 0, 2, "x"));
    session.send(chunk("s1", 1, 2, "b"));
    // the last one comes twice
    session.send(chunk("s1", 1, 2, "x"));
    session.sendStored(Json.object("type", "turn_start"));
    assertThat(messagesOf(session.view())).containsExactly("a", "b");
  }

  @Test
  void aNewerHeaderTakesThePlaceOfAnUnfinishedSnapshot() {
    BareSession session = BareSession.register(this, id);
    session.send(header("s1", 2));
    session.send(chunk("s1", 0, 2, "old"));
    session.send(header("s2", 1));
    session.send(chunk("s1", 1, 2, "old"));
    session.sendStored(chunk("s2", 0, 1, "new"));
    assertThat(messagesOf(session.view())).containsExactly("new");
  }

  @Test
  void aWholeSnapshotMakesChunksWorthless() {
    BareSession session = BareSession.register(this, id);
    session.send(header("s1", 2));
    session.send(chunk("s1", 0, 2, "old"));
    session.send(BareSession.snapshot(new JSONArray().put("whole")));
    session.sendStored(chunk("s1", 1, 2, "old"));
    assertThat(messagesOf(session.view())).containsExactly("whole");
  }

  @Test
  void metadataThatComesBetweenChunksIsNewerThanTheirHeader() {
    BareSession session = BareSession.register(this, id);
    session.send(header("s1", 1));
    session.send(
        Json.object(
            "type", "session_metadata_update", "metadata", Json.object("thinkingLevel", "low")));
    session.sendStored(chunk("s1", 0, 1, "a"));
    JSONObject event = envelope(session.view(), "session_active").getJSONObject("event");
    assertThat(event.getJSONObject("state").getString("thinkingLevel")).isEqualTo("low");
  }

  @Test
  void whileChunksArriveTheWorkerIsAskedAndAResyncWaits() {
    BareSession session = BareSession.register(this, id);
    session.send(BareSession.snapshot(new JSONArray().put("old")));
    session.send(header("s1", 2));
    session.sendStored(chunk("s1", 0, 2, "a"));
    RelaySocket viewer = session.view();
    viewer.emit("resync", new JSONObject());
    viewer.emit("resync", Json.object("lastSeq", 1));
    viewer.emit("connected", new JSONObject());
    assertThat(session.worker.await("connected").text("recoveryNonce")).isNotBlank();
    session.send(chunk("s1", 1, 2, "b"));
    // the last chunk is the first that this viewer sees, and everything is stored by then
    assertThat(
            envelope(viewer, "session_messages_chunk").getJSONObject("event").getInt("chunkIndex"))
        .isEqualTo(1);
    assertThat(envelopes(viewer)).hasSize(1);
    viewer.emit("resync", new JSONObject());
    assertThat(messagesOf(viewer)).containsExactly("a", "b");
  }

  @Test
  void aScriptedWorkersChunksHydrateABrowser() {
    JSONArray history = new JSONArray();
    IntStream.range(0, 230)
        .forEach(n -> history.put(Json.object("role", "user", "content", "message " + n)));
    worker(
        WorkerScript.standard().withSessionId(id).withHistory(history).withChunkedSnapshots(100));
    ScriptedViewer viewer = open(ScriptedViewer.connect(mine()));
    JSONObject state = viewer.open(id).event().getJSONObject("state");
    assertThat(state.getInt("totalMessages")).isEqualTo(230);
    viewer.emit("load_messages", Json.object("sessionId", id, "before", 180, "limit", 50));
    JSONObject page = viewer.socket().await("session_messages_page").payload();
    assertThat(page.getInt("oldestIndex")).isEqualTo(130);
    assertThat(page.getJSONArray("messages").getJSONObject(0).getString("content"))
        .isEqualTo("message 130");
  }

  @Test
  void aRunThatEndsWithItsMessagesIsASnapshot() {
    BareSession session = BareSession.register(this, id);
    JSONArray messages = new JSONArray();
    IntStream.range(0, 60).forEach(messages::put);
    session.send(BareSession.snapshot(new JSONArray().put("old")));
    session.send(Json.object("type", "agent_end", "messages", messages));
    session.sendStored(Json.object("type", "turn_start"));
    RelaySocket viewer = session.view();
    JSONObject event = envelope(viewer, "agent_end").getJSONObject("event");
    assertThat(event.getJSONArray("messages").length()).isEqualTo(50);
    assertThat(event.getInt("totalMessages")).isEqualTo(60);
    assertThat(event.getBoolean("hasMore")).isTrue();
    assertThat(event.getInt("oldestLoadedIndex")).isEqualTo(10);
    envelope(viewer, "turn_start");
    assertThat(envelopes(viewer)).hasSize(2);
    viewer.emit("load_messages", Json.object("sessionId", id, "before", 10, "limit", 50));
    JSONObject page = viewer.await("session_messages_page").payload();
    assertThat(page.getJSONArray("messages").length()).isEqualTo(10);
  }

  @Test
  void aRunThatEndsWithoutMessagesIsAnOrdinaryEvent() {
    BareSession session = BareSession.register(this, id);
    session.send(BareSession.snapshot(new JSONArray().put("kept")));
    session.sendStored(Json.object("type", "agent_end"));
    RelaySocket viewer = session.view();
    assertThat(messagesOf(viewer)).containsExactly("kept");
    assertThat(envelope(viewer, "agent_end").getBoolean("deltaReplay")).isTrue();
  }

  @Test
  void aCursorIsServedFromASnapshotOfChunks() {
    BareSession session = BareSession.register(this, id);
    session.send(Json.object("type", "agent_start"));
    session.send(header("s1", 1));
    session.send(chunk("s1", 0, 1, "a"));
    session.sendStored(Json.object("type", "turn_start"));
    // whoever has not seen the last chunk needs the snapshot
    RelaySocket before = returning(2);
    assertThat(messagesOf(before)).containsExactly("a");
    assertThat(envelope(before, "turn_start").getLong("seq")).isEqualTo(4);
    // the last chunk has number 3, and whoever has seen it lacks but the event after it
    RelaySocket after = returning(3);
    assertThat(envelope(after, "turn_start").getLong("seq")).isEqualTo(4);
    assertThat(envelopes(after)).hasSize(1);
  }

  private RelaySocket returning(long lastSeq) {
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit(
        "switch_session", Json.object("sessionId", id, "generation", 1, "lastSeq", lastSeq));
    return viewer;
  }

  private static JSONObject header(String snapshotId, int total) {
    return Json.object(
        "type",
        "session_active",
        "state",
        Json.object(
            "thinkingLevel",
            "high",
            "messages",
            new JSONArray(),
            "chunked",
            true,
            "snapshotId",
            snapshotId,
            "totalMessages",
            total));
  }

  private static JSONObject chunk(String snapshotId, int index, int total, String... messages) {
    return ChunkedSnapshot.chunk(snapshotId, index, total, new JSONArray(messages));
  }

  private static List<Object> messagesOf(RelaySocket viewer) {
    return envelope(
            viewer,
            event ->
                event.optString("type").equals("session_active")
                    && !event.getJSONObject("state").optBoolean("chunked"))
        .getJSONObject("event")
        .getJSONObject("state")
        .getJSONArray("messages")
        .toList();
  }
}
