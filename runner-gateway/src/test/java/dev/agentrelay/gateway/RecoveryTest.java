package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/**
 * Sessions that are over without a goodbye, and a Redis that loses its memory or its subscribers
 * (sockets.md 4.14 and 6).
 */
@QuarkusTest
@TestProfile(RecoveryTest.Impatient.class)
class RecoveryTest extends GatewayTest {
  private final String id = UUID.randomUUID().toString();

  @Inject Redis redis;

  @ConfigProperty(name = "relay.replica.id")
  String replica;

  /** Everything that takes minutes takes seconds. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "relay.replica.id", "recovering",
          "relay.gateway.sweep-every", "300ms",
          "relay.gateway.orphan-after", "2s",
          "relay.gateway.replica-grace", "600ms",
          "relay.gateway.ephemeral-ttl", "4s");
    }
  }

  @Test
  void anEphemeralSessionWithoutASignOfLifeExpires() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession session = BareSession.register(this, id);
    RelaySocket viewer = session.view();
    assertThat(session.worker.await("session_expired").text("sessionId")).isEqualTo(id);
    assertThat(session.worker.await("disconnect").text("message"))
        .isEqualTo("io server disconnect");
    JSONObject told = viewer.await("disconnected").payload();
    assertThat(told.getString("reason")).isEqualTo("Session expired");
    assertThat(told.has("code")).isFalse();
    hub.await("session_removed", id);
    viewer.await("disconnect");
    assertThat(hub.inbox().all()).filteredOn(received -> received.is("session_removed")).hasSize(1);
  }

  @Test
  void aSessionThatIsNotEphemeralDoesNotExpire() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession.register(this, id, Json.object("sessionId", id, "cwd", "/", "ephemeral", false));
    String other = UUID.randomUUID().toString();
    BareSession.register(this, other);
    hub.await("session_removed", other);
    assertThat(listedSessions()).containsKey(id);
  }

  @Test
  void aSessionWhoseReplicaIsGoneEnds() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    String fresh = UUID.randomUUID().toString();
    putSession(fresh, "gone-" + UUID.randomUUID(), System.currentTimeMillis() + 3_600_000);
    putSession(id, "gone-" + UUID.randomUUID(), System.currentTimeMillis() + 3_600_000);
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(new SessionId(id)))
            .arg(SessionField.HEARTBEAT_AT.key())
            .arg(1));
    JSONObject told = viewer.await("disconnected").payload();
    assertThat(told.getString("reason")).isEqualTo("Session orphaned (no active relay connection)");
    assertThat(told.has("code")).isFalse();
    hub.await("session_removed", id);
    // one that gave a sign of life not long ago may come back
    assertThat(listedSessions()).containsOnlyKeys(fresh);
  }

  @Test
  void aSessionThatItsReplicaNoLongerHoldsEnds() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    putSession(id, replica, System.currentTimeMillis() - 3_600_000);
    hub.await("session_removed", id);
  }

  @Test
  void aSilentSessionThatIsHeldIsKept() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession.register(this, id, Json.object("sessionId", id, "cwd", "/", "ephemeral", false));
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(new SessionId(id)))
            .arg(SessionField.STARTED_AT.key())
            .arg(1)
            .arg(SessionField.HEARTBEAT_AT.key())
            .arg(1));
    String lost = UUID.randomUUID().toString();
    putSession(lost, replica, 1);
    hub.await("session_removed", lost);
    assertThat(listedSessions()).containsOnlyKeys(id);
  }

  @Test
  void aRunnerWhoseReplicaIsGoneIsTakenOffTheList() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RunnerId runner = new RunnerId("runner-" + UUID.randomUUID());
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(runner))
            .arg(RunnerField.USER_ID.key())
            .arg(user)
            .arg(RunnerField.REPLICA.key())
            .arg("gone-" + UUID.randomUUID())
            .arg(RunnerField.CONNECTION.key())
            .arg("c")
            .arg(RunnerField.INFO.key())
            .arg("{}"));
    send(Request.cmd(Command.SADD).arg(LiveKeys.userRunners(new UserId(user))).arg(runner.value()));
    send(Request.cmd(Command.SADD).arg(LiveKeys.registeredRunners()).arg(runner.value()));
    feed.await("runner_removed", runner.value());
    assertThat(rest().runners().length()).isZero();
  }

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
    BareSession session =
        BareSession.register(
            this, id, Json.object("sessionId", id, "cwd", "/", "ephemeral", false));
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

  @Test
  void aViewerThatMissedTheEndIsToldLater() {
    putSession(id, replica, System.currentTimeMillis() + 3_600_000);
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
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
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
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

  /** A session that outlives the test, linked to its runner. */
  private BareSession durable(ScriptedHub hub, RelaySocket runner) {
    BareSession session =
        BareSession.register(
            this, id, Json.object("sessionId", id, "cwd", "/", "ephemeral", false));
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

  /** The record of a session that another replica left behind. */
  private void putSession(String sessionId, String holder, long heartbeatAt) {
    SessionId session = new SessionId(sessionId);
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(session));
    Map.of(
            SessionField.USER_ID,
            user,
            SessionField.REPLICA,
            holder,
            SessionField.EPOCH,
            "7",
            SessionField.STARTED_AT,
            "1",
            SessionField.HEARTBEAT_AT,
            Long.toString(heartbeatAt))
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    send(record);
    send(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(new UserId(user))).arg(sessionId));
    send(Request.cmd(Command.SADD).arg(LiveKeys.liveSessions()).arg(sessionId));
  }

  private Response send(Request request) {
    return redis.send(request).toCompletionStage().toCompletableFuture().join();
  }
}
