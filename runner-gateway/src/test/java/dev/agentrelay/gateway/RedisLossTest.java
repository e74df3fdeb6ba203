package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.ChunkedSnapshot;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** A Redis that loses its memory, or its subscribers (sockets.md 6). */
@QuarkusTest
@TestProfile(TightGateway.class)
class RedisLossTest extends RecoveringTest {
  private static final String HEARTBEAT = "{\"type\":\"heartbeat\"}";

  @Test
  void whatRedisHasForgottenIsToldAgain() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket runner = runner();
    BareSession session = durable(hub, runner);
    session.send(BareSession.snapshot(new JSONArray().put("kept by the worker")));
    session.send(Json.object("type", "plan_mode_toggled", "enabled", true));
    session.send(
        Json.object(
            "type", "session_metadata_update", "metadata", Json.object("sessionName", "Named")));
    session.sendStored(Json.object("type", "agent_start"));
    RelaySocket viewer = session.view();
    long mark = hub.inbox().mark();
    long feedMark = feed.inbox().mark();

    long before = System.nanoTime();
    send(Request.cmd(Command.FLUSHALL));
    hub.inbox().awaitAfter(mark, received -> received.is("sessions"), LIMIT);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before)).isLessThan(6);
    feed.inbox().awaitAfter(feedMark, received -> received.is("runners"), LIMIT);

    ScriptedHub later = open(ScriptedHub.connect(mine()));
    JSONObject listed = Objects.requireNonNull(listedSessions().get(id));
    assertThat(listed.getString("runnerName")).isEqualTo("box");
    assertThat(listed.getString("sessionName")).isEqualTo("Named");
    assertThat(listed.getString("startedAt")).startsWith("20");
    assertThat(later.subscribeMeta(id).getBoolean("planModeEnabled")).isTrue();
    JSONObject known = rest().runners().getJSONObject(0);
    assertThat(known.getString("name")).isEqualTo("box");
    assertThat(known.getJSONArray("serviceIds").toList()).containsExactly("git");
    assertThat(known.getInt("sessionCount")).isEqualTo(1);

    session.send(Json.object("type", "turn_start"));
    assertThat(envelope(viewer, "turn_start").getLong("seq")).isEqualTo(4);
    RelaySocket another = session.view();
    assertThat(another.await("connected").payload().getLong("lastSeq")).isEqualTo(4);
    // the snapshot is gone, so the worker is asked for another
    another.emit("connected", new JSONObject());
    assertThat(session.worker.await("connected").text("recoveryNonce")).isNotBlank();
    for (RelaySocket socket : new RelaySocket[] {session.worker, viewer, hub.socket(), runner}) {
      assertThat(socket.inbox().all()).noneMatch(received -> received.is("disconnect"));
    }
  }

  @Test
  void afterRedisIsBackEmptyWhatWasNotStoredIsStored() {
    BareSession session = BareSession.registerLasting(this, id);
    session.sendStored(Json.object("type", "agent_start"));
    send(Request.cmd(Command.FLUSHALL));
    // all connections but this one
    send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("normal"));
    session.sendStored(Json.object("type", "turn_start"));
    assertThat(session.view().await("connected").payload().getLong("lastSeq")).isEqualTo(2);
  }

  @Test
  void viewersAndHubsCatchUpOnWhatWasSaidWhileNobodyListened() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession session = durable(hub, runner());
    session.sendStored(Json.object("type", "heartbeat", "active", true));
    RelaySocket viewer = session.view();
    hub.subscribeMeta(id);
    long mark = hub.inbox().mark();
    long seen = viewer.inbox().mark();
    send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub"));
    JSONObject told =
        viewer
            .inbox()
            .awaitAfter(
                seen, received -> received.is("event") && !received.payload().has("replay"), LIMIT)
            .payload();
    assertThat(told.getLong("seq")).isEqualTo(1);
    assertThat(told.getString("sessionId")).isEqualTo(id);
    hub.inbox().awaitAfter(mark, received -> received.is("sessions"), LIMIT);
    hub.inbox().awaitAfter(mark, received -> received.is("state_snapshot"), LIMIT);
  }

  /** It would take anything else under that number for the event that it lacks. */
  @Test
  void aViewerThatMissedOneEventIsToldThatEvent() {
    putSession(id, replica, System.currentTimeMillis() + 3_600_000);
    String record = LiveKeys.session(new SessionId(id));
    send(Request.cmd(Command.HSET).arg(record).arg(SessionField.HEARTBEAT.key()).arg(HEARTBEAT));
    RelaySocket viewer = view();
    send(
        Request.cmd(Command.XADD)
            .arg(LiveKeys.ring(new SessionId(id)))
            .arg("1-0")
            .arg("e")
            .arg("{\"type\":\"turn_end\"}"));
    send(Request.cmd(Command.HSET).arg(record).arg(SessionField.SEQ.key()).arg(1));
    send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub"));
    assertThat(
            viewer
                .inbox()
                .await(
                    received -> received.is("event") && received.payload().optInt("seq") == 1,
                    LIMIT)
                .payload()
                .optJSONObject("event"))
        .hasToString("{\"type\":\"turn_end\"}");
  }

  @Test
  void aViewerThatMissedTheEndIsToldLater() {
    putSession(id, replica, System.currentTimeMillis() + 3_600_000);
    RelaySocket viewer = view();
    send(Request.cmd(Command.DEL).arg(LiveKeys.session(new SessionId(id))));
    send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub"));
    JSONObject told = viewer.await("disconnected").payload();
    assertThat(told.getString("reason")).isEqualTo("Session ended");
    assertThat(told.getString("code")).isEqualTo("session_ended");
    viewer.await("disconnect");
  }

  @Test
  void aViewerThatMissedANewRegistrationStartsOver() {
    putSession(id, replica, System.currentTimeMillis() + 3_600_000);
    RelaySocket viewer = view();
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(new SessionId(id)))
            .arg(SessionField.EPOCH.key())
            .arg(8));
    send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub"));
    JSONObject told = viewer.await("disconnected").payload();
    assertThat(told.getString("reason")).isEqualTo("Session reconnected");
    assertThat(told.getString("code")).isEqualTo("session_reconnected");
  }

  @Test
  void aViewerIsNotToldOfAnEndWhileRedisIsToldAgain() {
    SessionId session = new SessionId(id);
    long alive = System.currentTimeMillis() + 3_600_000;
    putSession(id, replica, alive);
    RelaySocket viewer = view();
    send(Request.cmd(Command.FLUSHALL));
    // the loss is known by then, and not the news of those who listen again
    await()
        .atMost(LIMIT)
        .until(() -> send(Request.cmd(Command.GET).arg(LiveKeys.memory())) != null);
    send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub"));
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    hub.socket().await("sessions");
    putSession(id, replica, alive);
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(session))
            .arg(SessionField.HEARTBEAT.key())
            .arg(HEARTBEAT));
    assertThat(envelope(viewer, "heartbeat").getString("sessionId")).isEqualTo(id);
    assertThat(viewer.inbox().all()).noneMatch(received -> received.is("disconnected"));
  }

  @Test
  void piecesThatRedisHasLostMakeNoSnapshot() {
    BareSession session = BareSession.registerLasting(this, id);
    session.sendStored(header());
    session.sendStored(chunk(0, "a"));
    send(Request.cmd(Command.FLUSHALL));
    session.sendStored(chunk(1, "b"));
    RelaySocket viewer = session.view();
    viewer.emit("connected", new JSONObject());
    assertThat(session.worker.await("connected").text("recoveryNonce")).isNotBlank();
    session.sendStored(BareSession.snapshot(new JSONArray().put("whole")));
    assertThat(envelope(viewer, "session_active").toString()).contains("whole");
  }

  private static JSONObject header() {
    return Json.object(
        "type",
        "session_active",
        "state",
        Json.object("messages", new JSONArray(), "chunked", true, "snapshotId", "s1"));
  }

  private static JSONObject chunk(int index, String message) {
    return ChunkedSnapshot.chunk("s1", index, 2, Json.array(message));
  }

  private RelaySocket view() {
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
    return viewer;
  }

  /** A session that outlives the test, linked to its runner. */
  private BareSession durable(ScriptedHub hub, RelaySocket runner) {
    BareSession session = BareSession.registerLasting(this, id);
    hub.await("session_added", id);
    runner.emit("session_ready", Json.object("sessionId", id));
    hub.inbox()
        .await(
            received -> received.is("session_status") && received.text("runnerId") != null, LIMIT);
    return session;
  }

  private RelaySocket runner() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    String runnerId = "runner-" + UUID.randomUUID();
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    runner.emit(
        "register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s", "name", "box"));
    runner.await("runner_registered");
    runner.emit("service_announce", Json.object("serviceIds", Json.array("git")));
    feed.await("runner_updated", runnerId);
    return runner;
  }
}
