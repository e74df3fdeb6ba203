package dev.agentrelay.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ChunkedSnapshot;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions that deal with each other, and one session whose worker moves (sockets.md 6). */
class SessionsAcrossReplicasIT extends SuiteTest {
  private static final String TEXT = "ü".repeat(40_000);

  private final ClientOptions near = me.at(suite.gatewayA().url());
  private final ClientOptions far = me.at(suite.gatewayB().url());

  @Test
  void aParentAndItsChildHearEachOther() {
    BareWorker parent = worker(near, null);
    BareWorker child = worker(far, parent.id());
    ScriptedViewer viewer = viewer(far, parent.id());
    assertThat(child.registered().getString("parentSessionId")).isEqualTo(parent.id());
    assertThat(parent.ask("get_linked_child_count").getInt("count")).isEqualTo(1);

    JSONObject trigger =
        Json.object(
            "type",
            "ask_user_question",
            "targetSessionId",
            parent.id(),
            "payload",
            Json.object("question", "Drop it?"),
            "deliverAs",
            "steer",
            "expectsResponse",
            true,
            "triggerId",
            "t1");
    assertOk(child.ask("session_trigger", "trigger", trigger));
    assertThat(
            parent
                .await("session_trigger")
                .payload()
                .getJSONObject("trigger")
                .getString("sourceSessionId"))
        .isEqualTo(child.id());
    viewer
        .inbox()
        .await(
            event -> event.is("trigger_delivered") && "t1".equals(event.text("triggerId")), LIMIT);

    child.say(
        "trigger_status_update",
        "triggerId",
        "t1",
        "targetSessionId",
        parent.id(),
        "statusText",
        "half way");
    assertThat(
            viewer
                .inbox()
                .await(event -> event.is("trigger_status_update"), LIMIT)
                .text("statusText"))
        .isEqualTo("half way");

    assertOk(
        parent.ask(
            "trigger_response",
            "triggerId",
            "t1",
            "response",
            "yes",
            "targetSessionId",
            child.id()));
    assertThat(child.await("trigger_response").text("response")).isEqualTo("yes");

    parent.say(
        "session_message", "targetSessionId", child.id(), "message", "go on", "deliverAs", "input");
    assertThat(child.await("input").text("text")).isEqualTo("go on");
  }

  @Test
  void aChildIsDelinkedAndCleanedUpFromAfar() {
    BareWorker parent = worker(near, null);
    BareWorker delinked = worker(far, parent.id());
    delinked.socket().on("parent_delinked", SessionsAcrossReplicasIT::confirm);
    assertOk(parent.ask("delink_children"));
    assertThat(delinked.await("parent_delinked").text("parentSessionId")).isEqualTo(parent.id());
    BareWorker again = open(BareWorker.register(far, delinked.id(), parent.id()));
    assertThat(again.registered().getBoolean("wasDelinked")).isTrue();

    BareWorker child = worker(far, parent.id());
    child.socket().on("exec", asked -> child.socket().kill());
    JSONObject answer = parent.ask("cleanup_child_session", "childSessionId", child.id());
    assertOk(answer);
    assertThat(answer.has("pending")).isFalse();
    assertThat(parent.ask("get_linked_child_count").getInt("count")).isZero();
  }

  @Test
  void servicesReachWorkersAndViewersOnEveryReplica() {
    ScriptedRunner runner = open(ScriptedRunner.connect(near, RunnerScript.standard()));
    BareWorker worker = worker(far, null);
    ScriptedHub hub = open(ScriptedHub.connect(near));
    runner.emit("session_ready", Json.object("sessionId", worker.id()));
    hub.inbox()
        .await(
            event ->
                event.is("session_status")
                    && worker.id().equals(event.text("sessionId"))
                    && runner.runnerId().equals(event.text("runnerId")),
            LIMIT);
    ScriptedViewer viewer = viewer(far, worker.id());
    worker.socket().emit("service_message", envelope("from the worker"));
    viewer.socket().emit("service_message", envelope("from the viewer"));
    for (String request : List.of("from the worker", "from the viewer")) {
      Received got = runner.inbox().await(event -> isRequest(event, request), LIMIT);
      assertThat(got.text("sessionId")).isEqualTo(worker.id());
    }
    runner.emit("service_message", envelope("to all"));
    worker.socket().inbox().await(event -> isRequest(event, "to all"), LIMIT);
    viewer.inbox().await(event -> isRequest(event, "to all"), LIMIT);
  }

  @Test
  void largeChunksAreSeenInOrderAndBecomeASnapshotEverywhere() {
    BareWorker worker = worker(near, null);
    worker.awaitAcked(worker.send(Json.object("type", "agent_start")));
    List<ScriptedViewer> viewers = List.of(viewer(near, worker.id()), viewer(far, worker.id()));
    worker.send(
        Json.object(
            "type",
            "session_active",
            "state",
            Json.object(
                "messages",
                new JSONArray(),
                "chunked",
                true,
                "snapshotId",
                "s",
                "totalMessages",
                40)));
    for (int chunk = 0; chunk < 4; chunk++) {
      worker.send(chunk(chunk));
    }
    worker.awaitAcked(worker.send(Json.object("type", "turn_start")));
    for (ScriptedViewer viewer : viewers) {
      awaitTurn(viewer);
      List<Long> chunks =
          viewer.inbox().all().stream()
              .filter(event -> event.is("event") && saysType(event, "session_messages_chunk"))
              .map(event -> event.payload().getLong("seq"))
              .toList();
      assertThat(chunks).containsExactly(3L, 4L, 5L, 6L);
    }
    RelaySocket late = viewer(far, worker.id()).socket();
    JSONObject state =
        late.inbox()
            .await(event -> event.is("event") && event.payload().optBoolean("replay"), LIMIT)
            .payload()
            .getJSONObject("event")
            .getJSONObject("state");
    assertThat(state.getInt("totalMessages")).isEqualTo(40);
    assertThat(state.getJSONArray("messages").getJSONObject(39).getString("content"))
        .isEqualTo("3-9" + TEXT);
  }

  @Test
  void whatAWorkerSaysAfterAnotherHasTakenItsSessionOverCountsNowhere() {
    BareWorker before = worker(near, null);
    before.awaitAcked(before.send(Json.object("type", "agent_start")));
    BareWorker now = open(BareWorker.register(far, before.id(), null));
    ScriptedViewer viewer = viewer(near, now.id());
    before.send(Json.object("type", "ui_notify", "message", "from the past"));
    assertThat(before.await("error").text("message")).isEqualTo("Invalid token");
    now.awaitAcked(now.send(Json.object("type", "turn_start")));
    awaitTurn(viewer);
    assertThat(viewer.inbox().all()).noneMatch(event -> event.toString().contains("from the past"));
    // nor does its end end the session
    before.close();
    now.awaitAcked(now.send(Json.object("type", "turn_end")));
    assertThat(viewer.inbox().all()).noneMatch(event -> event.is("disconnected"));
  }

  private BareWorker worker(ClientOptions at, @Nullable String parent) {
    return open(BareWorker.register(at, UUID.randomUUID().toString(), parent));
  }

  private ScriptedViewer viewer(ClientOptions at, String session) {
    ScriptedViewer viewer = open(ScriptedViewer.connect(at));
    viewer.switchSession(session);
    viewer.inbox().await(event -> event.is("connected"), LIMIT);
    return viewer;
  }

  private static void confirm(Received asked) {
    asked.acknowledge(Json.object("ok", true));
  }

  private static void assertOk(JSONObject answer) {
    assertThat(answer.getBoolean("ok")).as(answer.toString()).isTrue();
  }

  private static boolean isRequest(Received event, String requestId) {
    return event.is("service_message") && requestId.equals(event.text("requestId"));
  }

  private static JSONObject envelope(String requestId) {
    return Json.object(
        "serviceId", "git", "type", "git_status", "requestId", requestId, "payload", 1);
  }

  private static JSONObject chunk(int index) {
    JSONArray messages = new JSONArray();
    IntStream.range(0, 10)
        .forEach(n -> messages.put(Json.object("role", "user", "content", index + "-" + n + TEXT)));
    return ChunkedSnapshot.chunk("s", index, 4, messages);
  }

  private static void awaitTurn(ScriptedViewer viewer) {
    viewer.inbox().await(event -> event.is("event") && saysType(event, "turn_start"), LIMIT);
  }

  private static boolean saysType(Received event, String type) {
    return event.payload().getJSONObject("event").optString("type").equals(type);
  }
}
