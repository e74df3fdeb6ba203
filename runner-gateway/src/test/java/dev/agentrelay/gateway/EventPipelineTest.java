package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/**
 * What each kind of event changes and who sees it (sockets.md 4.4.2, 4.4.3, 4.4.6 and 4.18), on
 * bare sockets.
 */
@QuarkusTest
class EventPipelineTest extends GatewayTest {
  private final String session = UUID.randomUUID().toString();

  @Test
  void eventsAreNumberedInOrderAndAcknowledgedWithTheWorkersOwnNumber() {
    BareSession bare = BareSession.register(this, session);
    RelaySocket viewer = bare.view();
    bare.send(Json.object("type", "agent_start"));
    bare.send(Json.object("type", "turn_start", "turnIndex", 0));
    assertThat(live(viewer, "agent_start").getLong("seq")).isEqualTo(1);
    JSONObject second = live(viewer, "turn_start");
    assertThat(second.getLong("seq")).isEqualTo(2);
    assertThat(second.getString("sessionId")).isEqualTo(session);
    assertThat(second.keySet()).containsExactlyInAnyOrder("event", "seq", "sessionId");
    bare.awaitStored(2);
  }

  @Test
  void whatTheRelayDoesNotKnowPassesThroughUntouched() {
    BareSession bare = BareSession.register(this, session);
    RelaySocket viewer = bare.view();
    String odd =
        "{\"type\":\"something_new\",\"n\":1.0,\"big\":12345678901234567890,\"none\":null,\"deep\":{\"a\":[1,{}]}}";
    bare.send(new JSONObject(odd));
    JSONObject event = live(viewer, "something_new").getJSONObject("event");
    assertThat(event.similar(new JSONObject(odd))).isTrue();
  }

  @Test
  void anEventThatIsMissingIsAcknowledgedAndIgnored() {
    BareSession bare = BareSession.register(this, session);
    RelaySocket viewer = bare.view();
    bare.worker.emit("event", new JSONObject().put("token", bare.token).put("seq", 7));
    bare.awaitStored(7);
    bare.send(Json.object("type", "agent_start"));
    assertThat(live(viewer, "agent_start").getLong("seq")).isEqualTo(1);
  }

  @Test
  void metaEventsGoToTheHubAndNotToViewers() {
    BareSession bare = BareSession.register(this, session);
    RelaySocket viewer = bare.view();
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    JSONObject before = hub.subscribeMeta(session);
    assertThat(before.getLong("version")).isZero();
    assertThat(before.getJSONArray("todoList").length()).isZero();
    bare.send(Json.object("type", "plan_mode_toggled", "enabled", true));
    bare.send(Json.object("type", "question_pending", "question", Json.object("toolCallId", "t1")));
    bare.send(Json.object("type", "agent_start"));

    JSONObject first = meta(hub, "plan_mode_toggled");
    assertThat(first.getLong("version")).isEqualTo(1);
    assertThat(first.getBoolean("enabled")).isTrue();
    assertThat(meta(hub, "question_pending").getLong("version")).isEqualTo(2);
    assertThat(live(viewer, "agent_start").getLong("seq")).isEqualTo(1);
    JSONObject state = hub.subscribeMeta(session);
    assertThat(state.getBoolean("planModeEnabled")).isTrue();
    assertThat(state.getJSONObject("pendingQuestion").getString("toolCallId")).isEqualTo("t1");
  }

  @Test
  void aStartupReportOfTheOldFlatKindIsAnOrdinaryEvent() {
    BareSession bare = BareSession.register(this, session);
    RelaySocket viewer = bare.view();
    bare.send(Json.object("type", "mcp_startup_report", "toolCount", 3));
    assertThat(live(viewer, "mcp_startup_report").getLong("seq")).isEqualTo(1);
  }

  @Test
  void aHeartbeatTellsTheHubOnlyWhatChangedAndViewersEachTime() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession bare = BareSession.register(this, session);
    hub.await("session_added", session);
    RelaySocket viewer = bare.view();
    hub.subscribeMeta(session);
    long mark = hub.inbox().mark();
    bare.send(heartbeat(true));
    bare.send(heartbeat(true));
    bare.send(heartbeat(false));
    viewer.inbox().await(received -> seqOf(received) == 3, LIMIT);
    Received last =
        hub.inbox()
            .awaitAfter(
                mark,
                received ->
                    received.is("session_status") && !received.payload().getBoolean("isActive"),
                LIMIT);
    assertThat(last.payload().keySet())
        .containsExactlyInAnyOrder(
            "sessionId", "isActive", "lastHeartbeatAt", "sessionName", "model");
    assertThat(last.payload().getJSONObject("model").keySet())
        .containsExactlyInAnyOrder("provider", "id", "name");
    List<Received> told = hub.inbox().all().subList((int) mark, (int) hub.inbox().mark());
    assertThat(told).filteredOn(received -> received.is("session_status")).hasSize(2);
    assertThat(told).filteredOn(received -> received.is("state_snapshot")).hasSize(3);
    assertThat(told.stream().map(Received::event))
        .containsSubsequence("state_snapshot", "session_status");
  }

  @Test
  void aSlimHeartbeatLeavesTheMetaStateAlone() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession bare = BareSession.register(this, session);
    hub.subscribeMeta(session);
    bare.send(heartbeat(true).put("_slim", true));
    hub.await("session_status", session);
    assertThat(hub.subscribeMeta(session).getLong("version")).isZero();
  }

  @Test
  void aNewNameIsToldToTheHubOnce() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession bare = BareSession.register(this, session);
    bare.send(snapshot().put("state", state().put("sessionName", " Fix the build ")));
    assertThat(hub.await("session_status", session).getString("sessionName"))
        .isEqualTo("Fix the build");
  }

  @Test
  void metadataIsNumberedButNotKept() {
    BareSession bare = BareSession.register(this, session);
    RelaySocket viewer = bare.view();
    bare.send(snapshot());
    bare.send(
        Json.object(
            "type", "session_metadata_update", "metadata", Json.object("thinkingLevel", "high")));
    bare.send(Json.object("type", "agent_start"));
    assertThat(live(viewer, "session_metadata_update").getLong("seq")).isEqualTo(2);
    bare.awaitStored(3);
    List<Long> replayed = replayed(bare.view());
    assertThat(replayed).containsExactly(3L);
  }

  @Test
  void metadataIsLaidOverTheSnapshotOfALaterViewer() {
    BareSession bare = BareSession.register(this, session);
    bare.send(snapshot());
    bare.send(
        Json.object(
            "type",
            "session_metadata_update",
            "metadata",
            Json.object(
                "thinkingLevel", "high", "model", Json.object("provider", "p", "id", "m2"))));
    bare.send(
        Json.object(
            "type",
            "capabilities",
            "models",
            Json.array(Json.object("id", "m2")),
            "commands",
            new JSONArray()));
    bare.awaitStored(3);
    JSONObject state = firstSnapshot(bare.view());
    assertThat(state.getString("thinkingLevel")).isEqualTo("high");
    assertThat(state.getJSONObject("model").getString("id")).isEqualTo("m2");
    assertThat(state.getJSONArray("availableModels").length()).isEqualTo(1);
  }

  @Test
  void deltasThatNobodyWatchesTakeNoNumber() {
    BareSession bare = BareSession.register(this, session);
    bare.send(Json.object("type", "message_update", "n", 1));
    bare.awaitStored(1);
    bare.send(Json.object("type", "message_update", "n", 2));
    bare.send(Json.object("type", "message_update", "n", 3));
    bare.awaitStored(3);
    bare.send(Json.object("type", "message_end"));
    bare.awaitStored(4);
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", session));
    assertThat(viewer.await("connected").payload().getLong("lastSeq")).isEqualTo(2);
    // somebody watches now, so the next delta goes out at once
    bare.send(Json.object("type", "message_update", "n", 5));
    assertThat(live(viewer, "message_update").getLong("seq")).isEqualTo(3);
  }

  private static JSONObject heartbeat(boolean active) {
    return Json.object(
        "type",
        "heartbeat",
        "active",
        active,
        "isCompacting",
        false,
        "model",
        Json.object("provider", "p", "id", "m", "name", "M", "contextWindow", 1),
        "sessionName",
        JSONObject.NULL);
  }

  private static JSONObject state() {
    return Json.object(
        "messages",
        new JSONArray(),
        "thinkingLevel",
        "off",
        "model",
        Json.object("provider", "p", "id", "m1", "name", "One"));
  }

  private static JSONObject snapshot() {
    return Json.object("type", "session_active", "state", state());
  }

  private static long seqOf(Received received) {
    return received.is("event") ? received.payload().optLong("seq", -1) : -1;
  }

  private static JSONObject live(RelaySocket viewer, String type) {
    return viewer
        .inbox()
        .await(
            received ->
                received.is("event")
                    && received.payload().getJSONObject("event").optString("type").equals(type)
                    && !received.payload().has("replay"),
            LIMIT)
        .payload();
  }

  private static JSONObject meta(ScriptedHub hub, String type) {
    return hub.inbox()
        .await(received -> received.is("meta_event") && type.equals(received.text("type")), LIMIT)
        .payload();
  }

  private static JSONObject firstSnapshot(RelaySocket viewer) {
    return viewer.await("event").payload().getJSONObject("event").getJSONObject("state");
  }

  /**
   * The numbers of the replayed events, once the viewer has been greeted and has got its snapshot.
   */
  private List<Long> replayed(RelaySocket viewer) {
    viewer
        .inbox()
        .await(received -> received.is("event") && received.payload().has("deltaReplay"), LIMIT);
    return viewer.inbox().all().stream()
        .filter(received -> received.payload().has("deltaReplay"))
        .map(EventPipelineTest::seqOf)
        .toList();
  }
}
