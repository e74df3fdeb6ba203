package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Viewers open sessions and catch up (sockets.md 4.5 and 4.6). */
@QuarkusTest
class ViewerTest extends GatewayTest {
  private final String session = UUID.randomUUID().toString();

  @Test
  void aSessionThatIsNotLiveHasEnded() {
    RelaySocket viewer = viewer();
    viewer.emit("switch_session", Json.object("sessionId", session, "generation", 3));
    JSONObject answer = viewer.await("disconnected").payload();
    assertThat(answer.getString("reason")).isEqualTo("Session ended");
    assertThat(answer.getString("code")).isEqualTo("session_ended");
    assertThat(answer.getInt("generation")).isEqualTo(3);
    assertThat(viewer.connected()).isTrue();
  }

  @Test
  void aSessionOfSomebodyElseIsNotFound() {
    worker(WorkerScript.standard().withSessionId(session));
    RelaySocket stranger =
        socket(as("stranger-" + UUID.randomUUID()), "/viewer").connect().awaitConnected();
    stranger.emit("switch_session", Json.object("sessionId", session, "generation", 1));
    JSONObject error = stranger.await("error").payload();
    assertThat(error.getString("message")).isEqualTo("Session not found");
    assertThat(error.getInt("generation")).isEqualTo(1);
  }

  @Test
  void aFreshViewerGetsTheLastFiftyMessagesAndPagesIntoTheOlderOnes() {
    worker(WorkerScript.standard().withSessionId(session).withHistory(messages(120)));
    RelaySocket viewer = show(1);
    JSONObject envelope = viewer.await("event").payload();
    assertThat(envelope.getBoolean("replay")).isTrue();
    assertThat(envelope.has("seq")).isFalse();
    JSONObject state = envelope.getJSONObject("event").getJSONObject("state");
    assertThat(state.getJSONArray("messages").length()).isEqualTo(50);
    assertThat(state.getInt("totalMessages")).isEqualTo(120);
    assertThat(state.getBoolean("hasMore")).isTrue();
    assertThat(state.getInt("oldestLoadedIndex")).isEqualTo(70);

    viewer.emit("load_messages", Json.object("sessionId", session, "before", 70, "limit", 50));
    JSONObject page = viewer.await("session_messages_page").payload();
    assertThat(page.getInt("oldestIndex")).isEqualTo(20);
    assertThat(page.getJSONArray("messages").length()).isEqualTo(50);
    assertThat(page.getBoolean("hasMore")).isTrue();
    assertThat(page.getInt("generation")).isEqualTo(1);
  }

  @Test
  void aCursorBringsTheEventsAfterItOrNothingWhenThereAreNone() {
    ScriptedWorker worker = worker(WorkerScript.standard().withSessionId(session));
    worker.awaitAcked(worker.sendEvent("{\"type\":\"agent_start\"}"), LIMIT);
    RelaySocket first = show(1);
    long last = first.await("connected").payload().getLong("lastSeq");
    worker.awaitAcked(worker.sendEvent("{\"type\":\"turn_start\"}"), LIMIT);

    RelaySocket second = viewer();
    second.emit(
        "switch_session", Json.object("sessionId", session, "generation", 2, "lastSeq", last));
    JSONObject delta = second.await("event").payload();
    assertThat(delta.getLong("seq")).isEqualTo(last + 1);
    assertThat(delta.getBoolean("deltaReplay")).isTrue();
    assertThat(delta.getInt("generation")).isEqualTo(2);

    second.emit("resync", Json.object("lastSeq", last));
    JSONObject resynced =
        second
            .inbox()
            .await(
                received ->
                    received.is("event")
                        && received.payload().has("sessionId")
                        && received.payload().has("deltaReplay"),
                LIMIT)
            .payload();
    assertThat(resynced.getLong("seq")).isEqualTo(last + 1);

    long mark = second.inbox().mark();
    second.emit("resync", Json.object("lastSeq", last + 1));
    second.emit(
        "switch_session", Json.object("sessionId", session, "generation", 3, "lastSeq", last + 1));
    second.inbox().awaitAfter(mark, received -> received.is("connected"), LIMIT);
    assertThat(second.inbox().all().subList((int) mark, (int) second.inbox().mark()))
        .noneMatch(received -> received.is("event"));
  }

  @Test
  void withoutACursorAResyncStartsOverUnderTheRealNumber() {
    worker(WorkerScript.standard().withSessionId(session));
    RelaySocket viewer = show(1);
    long last = viewer.await("connected").payload().getLong("lastSeq");
    viewer.emit("resync", new JSONObject());
    JSONObject restarted =
        viewer
            .inbox()
            .await(
                received ->
                    received.is("event")
                        && received.payload().has("seq")
                        && !received.payload().has("replay")
                        && type(received).equals("session_active"),
                LIMIT)
            .payload();
    assertThat(restarted.getLong("seq")).isGreaterThanOrEqualTo(last);
    assertThat(restarted.getString("sessionId")).isEqualTo(session);
  }

  @Test
  void aWorkerWithoutASnapshotIsAskedForOneOnceTheViewerHasGreeted() {
    RelaySocket worker = socket(mine(), "/relay").connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", session, "cwd", "/src"));
    worker.await("registered");
    RelaySocket viewer = show(1);
    viewer.await("connected");
    viewer.emit("connected", new JSONObject());
    assertThat(worker.await("connected").text("recoveryNonce")).isNotBlank();
  }

  @Test
  void switchingOnLeavesTheFirstSessionBehind() {
    String other = UUID.randomUUID().toString();
    ScriptedWorker left = worker(WorkerScript.standard().withSessionId(session));
    ScriptedWorker shown = worker(WorkerScript.standard().withSessionId(other));
    RelaySocket viewer = show(1);
    viewer.await("event");
    viewer.emit("switch_session", Json.object("sessionId", other, "generation", 2));
    viewer
        .inbox()
        .await(
            received -> received.is("connected") && received.payload().getInt("generation") == 2,
            LIMIT);
    left.awaitAcked(left.sendEvent("{\"type\":\"left_behind\"}"), LIMIT);
    shown.sendEvent("{\"type\":\"shown\"}");
    viewer.inbox().await(received -> received.is("event") && type(received).equals("shown"), LIMIT);
    assertThat(viewer.inbox().all())
        .noneMatch(received -> received.is("event") && type(received).equals("left_behind"));
  }

  @Test
  void anEndedSessionIsReplayedToAViewerThatNamesItAtTheHandshake() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedWorker worker =
        worker(WorkerScript.standard().withSessionId(session).withHistory(messages(3)));
    worker.sendEvent(
        Json.object(
            "type", "session_metadata_update", "metadata", Json.object("thinkingLevel", "high")));
    worker.end();
    hub.await("session_removed", session);
    RelaySocket viewer =
        open(
            new RelaySocket(
                mine(),
                "/viewer",
                Map.of("apiKey", TestingCallers.keyOf(user), "sessionId", session)));
    viewer.connect();
    JSONObject connected = viewer.await("connected").payload();
    assertThat(connected.getBoolean("replayOnly")).isTrue();
    JSONObject replayed = viewer.await("event").payload();
    assertThat(replayed.getBoolean("replay")).isTrue();
    JSONObject state = replayed.getJSONObject("event").getJSONObject("state");
    assertThat(state.getJSONArray("messages")).hasSize(3);
    assertThat(state.getString("thinkingLevel")).isEqualTo("high");
    JSONObject farewell = viewer.await("disconnected").payload();
    assertThat(farewell.getString("code")).isEqualTo("snapshot_replay");
    assertThat(farewell.getString("reason"))
        .isEqualTo("Session is no longer live (snapshot replay).");
    viewer.await("disconnect");
  }

  @Test
  void anotherProtocolVersionIsWarnedAndServed() {
    worker(WorkerScript.standard().withSessionId(session));
    RelaySocket viewer =
        open(
            new RelaySocket(
                mine(),
                "/viewer",
                Map.of("apiKey", TestingCallers.keyOf(user), "protocolVersion", 2)));
    viewer.connect().awaitConnected();
    assertThat(viewer.await("error").text("message")).contains("protocol");
    viewer.emit("switch_session", Json.object("sessionId", session));
    viewer.await("connected");
  }

  /** The one that is spoken, and what is no number, are no reason for a word (sockets.md 2). */
  @ParameterizedTest
  @CsvSource({"'1', false", "'one', false", "'', false", "'2', true"})
  void aProtocolVersionMayBeText(String version, boolean warned) {
    RelaySocket viewer =
        open(
            new RelaySocket(
                mine(),
                "/viewer",
                Map.of("apiKey", TestingCallers.keyOf(user), "protocolVersion", version)));
    viewer.connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", session));
    viewer.await("disconnected");
    assertThat(viewer.inbox().all().stream().anyMatch(told -> told.is("error"))).isEqualTo(warned);
  }

  private static String type(Received received) {
    return received.payload().getJSONObject("event").optString("type");
  }

  private static JSONArray messages(int count) {
    JSONArray messages = new JSONArray();
    IntStream.range(0, count)
        .forEach(i -> messages.put(Json.object("role", "user", "content", "message " + i)));
    return messages;
  }

  private RelaySocket viewer() {
    return socket(mine(), "/viewer").connect().awaitConnected();
  }

  private RelaySocket show(int generation) {
    RelaySocket viewer = viewer();
    viewer.emit("switch_session", Json.object("sessionId", session, "generation", generation));
    return viewer;
  }
}
