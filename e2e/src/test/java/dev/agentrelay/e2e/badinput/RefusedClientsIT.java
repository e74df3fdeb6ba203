package dev.agentrelay.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.ConnectRefusedException;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may not, is told so and harms nobody (sockets.md 2, 4.1, 4.6). */
class RefusedClientsIT extends SuiteTest {
  private final Account stranger = suite.newAccount();

  @ParameterizedTest
  @ValueSource(strings = {"/runner", "/relay", "/viewer", "/hub", "/runners"})
  void aWrongKeyIsUnauthorized(String namespace) {
    WireClient client = open(WireClient.connect(suite.edge()));
    assertThat(client.join(namespace, WireClient.browserAuth("pk_live_wrong")).text())
        .isEqualTo("44" + namespace + ",{\"message\":\"unauthorized\"}");
  }

  @Test
  void anUntrustedPageIsForbidden() {
    assertThatThrownBy(
            () ->
                ScriptedRunnerFeed.connect(me.at(suite.edge()).withOrigin("https://evil.example")))
        .isInstanceOf(ConnectRefusedException.class)
        .hasMessageContaining("forbidden: untrusted origin");
  }

  @Test
  void anUnknownNamespaceIsInvalid() {
    WireClient client = open(WireClient.connect(suite.edge()));
    assertThat(client.join("/nonsense", new JSONObject()).text())
        .isEqualTo("44/nonsense,{\"message\":\"Invalid namespace\"}");
    assertThat(client.join("/hub", WireClient.browserAuth(me.apiKey())).head())
        .as("the connection goes on")
        .isEqualTo("40/hub");
  }

  @Test
  void aWorkersEventsNeedItsToken() {
    ScriptedWorker owner = open(ScriptedWorker.start(me.at(suite.edge()), WorkerScript.standard()));
    String session = owner.awaitRegistered().getString("sessionId");
    WireClient forger = open(WireClient.connect(suite.edge()));
    forger.join("/relay", Json.object("apiKey", me.apiKey(), "protocolVersion", 1));
    forger.emit(
        "/relay",
        "event",
        Json.object(
            "sessionId",
            session,
            "token",
            "0".repeat(64),
            "event",
            Json.object("type", "agent_start"),
            "seq",
            1));
    assertThat(forger.await("/relay", "error").toMap()).containsEntry("message", "Invalid token");
    assertThat(forger.closed()).isNotDone();
  }

  @Test
  void aRunnersIdNeedsItsSecret() {
    ScriptedRunner runner =
        open(ScriptedRunner.connect(me.at(suite.edge()), RunnerScript.standard()));
    ScriptedRunner impostor =
        open(
            ScriptedRunner.start(
                me.at(suite.edge()),
                RunnerScript.standard().withIdentity(runner.runnerId(), "another secret")));
    assertThat(impostor.inbox().await(received -> received.is("error"), LIMIT).text("message"))
        .isEqualTo("Runner authentication failed: secret mismatch for runner " + runner.runnerId());
    impostor.inbox().await(received -> received.is("disconnect"), LIMIT);
    assertThat(me.rest(suite.edge()).runners()).hasSize(1);
  }

  @Test
  void aRunnerOfSomebodyElseCannotBeTaken() {
    RunnerScript script = RunnerScript.standard().withIdentity("shared-" + me.name(), "known");
    ScriptedRunner runner = open(ScriptedRunner.connect(me.at(suite.edge()), script));
    ScriptedRunner thief = open(ScriptedRunner.start(stranger.at(suite.edge()), script));
    assertThat(thief.inbox().await(received -> received.is("error"), LIMIT).text("message"))
        .isEqualTo(
            "Runner authentication failed: runner "
                + runner.runnerId()
                + " is owned by a different user");
    thief.inbox().await(received -> received.is("disconnect"), LIMIT);
    assertThat(stranger.rest(suite.edge()).runners()).isEmpty();
  }

  @Test
  void aSessionOfSomebodyElseIsNotFoundAndNotTakenOver() throws Exception {
    ScriptedWorker worker =
        open(ScriptedWorker.start(me.at(suite.edge()), WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");
    ScriptedViewer spy = open(ScriptedViewer.connect(stranger.at(suite.edge())));
    spy.switchSession(session);
    assertThat(spy.inbox().await(received -> received.is("error"), LIMIT).text("message"))
        .isEqualTo("Session not found");
    assertThat(spy.input("do as I say").get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isFalse();
    assertThat(spy.envelopes().all()).isEmpty();

    ScriptedWorker thief =
        open(
            ScriptedWorker.start(
                stranger.at(suite.edge()), WorkerScript.standard().withSessionId(session)));
    assertThat(thief.awaitRegistered().getString("sessionId")).isNotEqualTo(session);
    assertThat(worker.socket().connected()).isTrue();
  }
}
