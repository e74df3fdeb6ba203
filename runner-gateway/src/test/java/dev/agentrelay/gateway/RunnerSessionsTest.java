package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Objects;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What daemons say of the sessions that run on them (sockets.md 3.2). */
@QuarkusTest
class RunnerSessionsTest extends GatewayTest {
  private final String id = UUID.randomUUID().toString();

  @Test
  void aWorkerIsAskedToEndItselfAndCutOffWhenItDoesNot() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RelaySocket runner = runner("runner-" + UUID.randomUUID());
    BareSession session = ready(hub, runner);
    runner.emit("disconnect_session", Json.object("sessionId", id));
    JSONObject exec = session.worker.await("exec").payload();
    assertThat(exec.getString("id")).startsWith("disconnect-" + id + "-");
    assertThat(exec.getString("command")).isEqualTo("end_session");
    assertThat(session.worker.await("disconnect").text("message"))
        .isEqualTo("io server disconnect");
    hub.await("session_removed", id);
    JSONObject ended = runner.await("session_ended").payload();
    assertThat(ended.getString("reason")).isEqualTo("Session ended");
  }

  @Test
  void sessionsOfAnotherRunnerAreLeftAlone() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession session = ready(hub, runner("runner-" + UUID.randomUUID()));
    RelaySocket viewer = session.view();
    RelaySocket other = runner("runner-" + UUID.randomUUID());
    other.emit("disconnect_session", Json.object("sessionId", id));
    other.emit("session_killed", Json.object("sessionId", id));
    other.emit(
        "runner_session_event",
        Json.object("sessionId", id, "event", Json.object("type", "forged")));
    awaitHeard(other);
    session.send(Json.object("type", "agent_start"));
    assertThat(envelope(viewer, "agent_start").getLong("seq")).isEqualTo(1);
    assertThat(session.worker.inbox().all()).noneMatch(received -> received.is("exec"));
    assertThat(Objects.requireNonNull(listedSessions().get(id)).isNull("runnerId")).isFalse();
  }

  @Test
  void aSessionWhoseWorkerWasKilledIsNoLongerTheRunners() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RelaySocket runner = runner("runner-" + UUID.randomUUID());
    ready(hub, runner);
    runner.emit("session_killed", Json.object("sessionId", id));
    awaitHeard(runner);
    assertThat(Objects.requireNonNull(listedSessions().get(id)).isNull("runnerId")).isTrue();
  }

  /** One that reloads its skills says goodbye before it comes back (sockets.md 4.3, 4.20). */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWorkerThatComesBackIsStillItsRunners(boolean goodbye) {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    String runnerId = "runner-" + UUID.randomUUID();
    BareSession session = ready(hub, runner(runnerId));
    if (goodbye) {
      session.end();
    } else {
      session.worker.kill();
    }
    hub.await("session_removed", id);
    BareSession.register(this, id);
    JSONObject listed = Objects.requireNonNull(listedSessions().get(id));
    assertThat(listed.getString("runnerId")).isEqualTo(runnerId);
    assertThat(listed.getString("runnerName")).isEqualTo("box");
  }

  @Test
  void aSessionGoesToAnotherRunnerOnlyWhenItsOwnIsGone() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    String first = "runner-" + UUID.randomUUID();
    RelaySocket holder = runner(first);
    ready(hub, holder);
    RelaySocket other = runner("other-" + first);
    other.emit("session_ready", Json.object("sessionId", id));
    awaitHeard(other);
    assertThat(Objects.requireNonNull(listedSessions().get(id)).getString("runnerId"))
        .isEqualTo(first);
    holder.close();
    feed.await("runner_removed", first);
    other.emit("session_ready", Json.object("sessionId", id));
    hub.inbox()
        .await(
            received ->
                received.is("session_status")
                    && ("other-" + first).equals(received.text("runnerId")),
            LIMIT);
  }

  @Test
  void anEventOfTheRunnerIsNumberedAndKept() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RelaySocket runner = runner("runner-" + UUID.randomUUID());
    BareSession session = ready(hub, runner);
    session.sendStored(BareSession.snapshot(new JSONArray()));
    RelaySocket viewer = session.view();
    runner.emit(
        "runner_session_event",
        Json.object("sessionId", id, "event", Json.object("type", "from_runner")));
    assertThat(envelope(viewer, "from_runner").getLong("seq")).isEqualTo(2);
    assertThat(envelope(session.view(), "from_runner").getBoolean("deltaReplay")).isTrue();
  }

  /** Waits until everything that the daemon has said so far is done. */
  private void awaitHeard(RelaySocket runner) {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    String warning = "warning " + UUID.randomUUID();
    runner.emit("runner_warning", Json.object("message", warning));
    feed.inbox()
        .await(
            received ->
                received.is("runner_updated") && received.payload().toString().contains(warning),
            LIMIT);
  }

  /** A session that is known to run on the runner. */
  private BareSession ready(ScriptedHub hub, RelaySocket runner) {
    BareSession session = BareSession.register(this, id);
    hub.await("session_added", id);
    runner.emit("session_ready", Json.object("sessionId", id));
    hub.inbox()
        .await(
            received ->
                received.is("session_status")
                    && id.equals(received.text("sessionId"))
                    && received.text("runnerId") != null,
            LIMIT);
    return session;
  }

  private RelaySocket runner(String runnerId) {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit(
        "register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s", "name", "box"));
    runner.await("runner_registered");
    return runner;
  }
}
