package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.gateway.session.EndCause;
import dev.agentrelay.gateway.session.SessionRecords;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Sessions that are over without a goodbye (sockets.md 4.14). */
@QuarkusTest
@TestProfile(TightGateway.class)
class SilentSessionTest extends RecoveringTest {
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
  void aWorkerThatAnswersNoPingMayComeBackToItsSession() {
    RawBrowser worker = registerRaw();
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
    worker.keepSilentToTheEnd();
    BareSession.registerLasting(this, id);
    assertThat(viewer.await("disconnected").text("code")).isEqualTo("session_reconnected");
  }

  @Test
  void aWorkerThatAnswersNoPingAndStaysAwayHasLeft() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RawBrowser worker = registerRaw();
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
    worker.keepSilentToTheEnd();
    assertThat(viewer.await("disconnected").payload().toMap())
        .containsEntry("reason", "Session ended")
        .containsEntry("code", "session_ended");
    hub.await("session_removed", id);
  }

  /** A worker that does nothing by itself, of a session that does not expire. */
  private RawBrowser registerRaw() {
    RawBrowser worker = open(new RawBrowser(relay));
    worker.awaitMessage("0{");
    worker.send("40/relay," + Json.object("apiKey", TestingCallers.keyOf(user)));
    worker.awaitMessage("40/relay,{");
    worker.send(
        "42/relay,[\"register\","
            + Json.object("sessionId", id, "cwd", "/src", "ephemeral", false)
            + "]");
    worker.awaitMessage("42/relay,[\"registered\"");
    return worker;
  }

  @Test
  void aSessionThatIsNotEphemeralDoesNotExpire() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession.registerLasting(this, id);
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
  void aReplicaIsMissedFromItsLastSignOfLifeOn() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ReplicaId goneForLong = new ReplicaId("gone-" + UUID.randomUUID());
    send(
        Request.cmd(Command.SET)
            .arg(LiveKeys.replicaSeen(goneForLong))
            .arg(goneForLong.value())
            .arg("PX")
            .arg(Duration.ofMinutes(50).toMillis()));
    putSession(id, goneForLong.value(), 1);
    String unsure = UUID.randomUUID().toString();
    putSession(unsure, "unknown-" + UUID.randomUUID(), 1);
    hub.await("session_removed", unsure);
    assertThat(hub.inbox().all())
        .filteredOn(received -> received.is("session_removed"))
        .extracting(removed -> removed.text("sessionId"))
        .containsExactly(id, unsure);
  }

  @Test
  void anEndThatItsReplicaCouldNotTellOfIsToldOnce() {
    BareSession session = BareSession.registerLasting(this, id);
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RelaySocket viewer = session.view();
    endWithoutTelling();
    assertThat(listedSessions()).isEmpty();
    assertThat(viewer.await("disconnected").text("code")).isEqualTo("session_ended");
    hub.await("session_removed", id);
    String last = UUID.randomUUID().toString();
    putSession(last, replica, 1);
    hub.await("session_removed", last);
    assertThat(hub.inbox().all()).filteredOn(event -> event.is("session_removed")).hasSize(2);
    assertThat(send(Request.cmd(Command.EXISTS).arg(LiveKeys.farewell(new SessionId(id)))).toLong())
        .isZero();
  }

  /** As a replica does that is killed in the next moment. */
  private void endWithoutTelling() {
    SessionId session = new SessionId(id);
    Request end =
        Request.cmd(Command.EVAL).arg(Script.load(SessionRecords.class, "end.lua").source()).arg(6);
    List.of(
            LiveKeys.session(session),
            LiveKeys.ring(session),
            LiveKeys.snapshot(session),
            LiveKeys.pendingLink(session),
            LiveKeys.sessionOwner(session),
            LiveKeys.farewell(session))
        .forEach(end::arg);
    Request epoch =
        Request.cmd(Command.HGET).arg(LiveKeys.session(session)).arg(SessionField.EPOCH.key());
    send(
        end.arg(send(epoch).toString())
            .arg(60_000)
            .arg(EndCause.ENDED.name())
            .arg(Duration.ofHours(1).toMillis()));
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
    BareSession.registerLasting(this, id);
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
  void whatAnotherReplicaSweepsIsLeftToItUntilItsLeaseRunsOut() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    String lease = LiveKeys.sweepLease("sessions");
    send(Request.cmd(Command.SET).arg(lease).arg("other").arg("PX").arg(3_000));
    putSession(id, replica, 1);
    hub.await("session_removed", id);
    assertThat(String.valueOf(send(Request.cmd(Command.GET).arg(lease)))).isNotEqualTo("other");
  }

  @Test
  void moreThanIsLookedAtInOneStepEndsAllTheSame() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    List<String> lost = IntStream.range(0, 500).mapToObj(number -> id + "-" + number).toList();
    lost.forEach(session -> putSession(session, replica, 1));
    lost.forEach(session -> hub.await("session_removed", session));
    assertThat(hub.inbox().all())
        .filteredOn(received -> received.is("session_removed"))
        .hasSize(lost.size());
  }
}
