package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static dev.agentrelay.gateway.BareSession.envelopes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Runners, workers and parents whose sockets are held by different replicas (sockets.md 6). */
@QuarkusTest
class ReplicasTest extends TwoReplicasTest {
  private static final Duration AGAIN_WITHIN = Duration.ofSeconds(6);

  private final String id = UUID.randomUUID().toString();

  @Inject Redis redis;

  @Test
  void aFamilyTalksAcrossReplicas() {
    Member parent = member();
    Member child = member(there(), id, "parentSessionId", parent.id());
    assertThat(child.registered().getString("parentSessionId")).isEqualTo(parent.id());
    assertThat(count(parent)).isEqualTo(1);

    JSONObject trigger =
        Json.object("type", "x", "targetSessionId", parent.id(), "triggerId", "t1");
    assertOk(child.ask("session_trigger", "trigger", trigger));
    JSONObject got = parent.socket().await("session_trigger").payload().getJSONObject("trigger");
    assertThat(got.getString("sourceSessionId")).isEqualTo(child.id());
    assertOk(
        parent.ask(
            "trigger_response", "triggerId", "t1", "response", "yes", "targetSessionId", id));
    assertThat(child.socket().await("trigger_response").text("response")).isEqualTo("yes");
    parent.send("session_message", "targetSessionId", id, "message", "hello");
    assertThat(child.socket().await("session_message").text("message")).isEqualTo("hello");

    child
        .socket()
        .on(
            "parent_delinked",
            asked -> Objects.requireNonNull(asked.ack()).call(Json.object("ok", true)));
    assertOk(parent.ask("delink_children"));
    assertThat(child.socket().await("parent_delinked").text("parentSessionId"))
        .isEqualTo(parent.id());
    assertThat(count(parent)).isZero();
    assertRefused(
        child.ask(
            "session_trigger",
            "trigger",
            Json.object("type", "x", "targetSessionId", parent.id(), "triggerId", "t2")),
        NO_CHILD);
  }

  @Test
  void aSessionThatWasTakenOverTakesNothingFromItsFormerWorker() {
    BareSession before = BareSession.register(this, id);
    before.sendStored(Json.object("type", "turn_start"));
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RelaySocket watching = before.view();
    Member now = member(there(), id);
    assertThat(watching.await("disconnected").text("code")).isEqualTo("session_reconnected");
    before.send(Json.object("type", "cli_error", "message", "late"));
    assertThat(before.worker.await("error").text("message")).isEqualTo("Invalid token");

    RelaySocket viewer = before.view();
    event(now, Json.object("type", "turn_end"), 1);
    assertThat(envelope(viewer, "turn_end").getLong("seq")).isEqualTo(1);
    assertThat(envelopes(viewer))
        .noneMatch(each -> each.getJSONObject("event").getString("type").equals("cli_error"));
    // its socket is no longer the session's
    before.worker.kill();
    event(now, Json.object("type", "agent_start"), 2);
    assertThat(envelope(viewer, "agent_start").getLong("seq")).isEqualTo(2);
    assertThat(hub.inbox().all()).filteredOn(each -> each.is("session_removed")).hasSize(1);
  }

  @Test
  void aSnapshotInChunksThatMovedOnBeginsAnew() {
    BareSession before = BareSession.register(this, id);
    before.send(header("old"));
    before.sendStored(chunk("old", 0, "old"));
    Member now = member(there(), id);
    event(now, header("new"), 1);
    event(now, chunk("old", 1, "old"), 2);
    event(now, chunk("new", 1, "b"), 3);
    event(now, chunk("new", 0, "a"), 4);
    now.socket()
        .inbox()
        .await(each -> each.is("event_ack") && each.payload().getLong("seq") == 4, LIMIT);
    JSONObject shown = envelope(before.view(), "session_active");
    assertThat(shown.getJSONObject("event").getJSONObject("state").getJSONArray("messages"))
        .hasToString("[\"a\",\"b\"]");
  }

  @Test
  void ofTwoDaemonsWithOneIdTheNewestIsTheRunner() {
    String runnerId = "runner-" + id;
    RelaySocket older = daemon(socket(mine(), "/runner"), runnerId);
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket newer = daemon(socket(there(), "/runner"), runnerId);
    feed.await("runner_added", runnerId);
    older.kill();
    newer.on(
        "new_session",
        asked -> newer.emit("session_ready", Json.object("sessionId", asked.text("sessionId"))));
    assertThat(rest().spawn(runnerId, "/src", null).getBoolean("pending")).isFalse();
    assertThat(feed.inbox().all()).noneMatch(each -> each.is("runner_removed"));
    assertThat(older.inbox().all()).noneMatch(each -> each.is("new_session"));
  }

  @Test
  void whatRedisHasForgottenIsToldAgainByEachReplica() {
    RelaySocket runner = daemon(socket(there(), "/runner"), "runner-" + id);
    Member worker = member(there(), id, "ephemeral", false);
    BareSession here = BareSession.register(this, UUID.randomUUID().toString());
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
    long mark = hub.inbox().mark();
    long feedMark = feed.inbox().mark();
    redis.send(Request.cmd(Command.FLUSHALL)).toCompletionStage().toCompletableFuture().join();
    hub.inbox().awaitAfter(mark, each -> each.is("sessions"), AGAIN_WITHIN);
    feed.inbox().awaitAfter(feedMark, each -> each.is("runners"), AGAIN_WITHIN);
    assertThat(listedSessions()).containsKeys(id, here.id);
    assertThat(rest().runners().length()).isEqualTo(1);
    event(worker, Json.object("type", "turn_start"), 1);
    assertThat(envelope(viewer, "turn_start").getLong("seq")).isEqualTo(1);
    for (RelaySocket socket : new RelaySocket[] {runner, worker.socket(), viewer, here.worker}) {
      assertThat(socket.inbox().all()).noneMatch(each -> each.is("disconnect"));
    }
  }

  private static RelaySocket daemon(RelaySocket socket, String runnerId) {
    socket.connect().awaitConnected();
    socket.emit("register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s"));
    socket.await("runner_registered");
    return socket;
  }

  private static void event(Member worker, JSONObject event, long seq) {
    worker.send("event", "sessionId", worker.id(), "event", event, "seq", seq);
  }

  private static JSONObject header(String snapshot) {
    return Json.object(
        "type",
        "session_active",
        "state",
        Json.object(
            "messages",
            new JSONArray(),
            "chunked",
            true,
            "snapshotId",
            snapshot,
            "totalMessages",
            2));
  }

  private static JSONObject chunk(String snapshot, int index, String message) {
    return Json.object(
        "type",
        "session_messages_chunk",
        "snapshotId",
        snapshot,
        "chunkIndex",
        index,
        "totalChunks",
        2,
        "totalMessages",
        2,
        "messages",
        Json.array(message),
        "final",
        index == 1);
  }
}
