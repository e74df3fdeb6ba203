package dev.agentrelay.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The runner daemon and the worker that people have installed, unchanged. */
class PublishedCliIT extends SuiteTest {
  /** Daemon and worker are programs of 100 MB each; a cold disk is slow. */
  private static final Duration PROGRAM_START = Duration.ofSeconds(60);

  @Test
  void itsDaemonComesOnlineAndItsWorkerIsWatchedSteeredAndEnded() throws Exception {
    Path program = PublishedCli.program();
    ScriptedModel model = open(ScriptedModel.start());
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(me.at(suite.edge())));
    ScriptedHub hub = open(ScriptedHub.connect(me.at(suite.edge())));
    CliDaemon daemon = open(CliDaemon.start(program, suite.edge(), me, "published cli", model));

    String runner =
        feed.inbox()
            .await(
                received ->
                    received.is("runner_added") && "published cli".equals(received.text("name")),
                PROGRAM_START)
            .payload()
            .getString("runnerId");
    feed.inbox()
        .await(
            received ->
                received.is("runner_updated")
                    && Json.arrayAt(received.payload(), "serviceIds").length() > 0,
            PROGRAM_START);
    assertThat(onlyRunner().toMap())
        .containsEntry("runnerId", runner)
        .containsEntry("version", "0.5.7")
        .containsEntry("connected", true);

    String session = spawn(runner, daemon.workFolder());
    hub.inbox()
        .await(
            received -> received.is("session_added") && session.equals(received.text("sessionId")),
            PROGRAM_START);
    ScriptedViewer viewer = open(ScriptedViewer.connect(me.at(suite.edge())));
    viewer.open(session);
    awaitAnswer(viewer, "session_active", "the first prompt", PROGRAM_START);
    awaitIdle(hub, session);

    long mark = viewer.envelopes().mark();
    CompletableFuture<Boolean> taken = viewer.input("the second prompt");
    viewer
        .envelopes()
        .awaitAfter(
            mark,
            envelope ->
                envelope.type().equals("message_update")
                    && envelope.event().toString().contains("You said"),
            LIMIT);
    awaitAnswer(viewer, "message_end", "the second prompt", LIMIT);
    assertThat(taken.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(viewer.exec("end_session").join().getBoolean("ok")).isTrue();
    assertThat(viewer.inbox().await(received -> received.is("disconnected"), LIMIT).text("code"))
        .isEqualTo("session_ended");
    hub.await("session_removed", session);
    assertThat(daemon.isAlive()).isTrue();
    assertThat(onlyRunner().toMap())
        .containsEntry("connected", true)
        .containsEntry("sessionCount", 0);

    daemon.stop();
    feed.await("runner_removed", runner);
  }

  private JSONObject onlyRunner() {
    JSONArray runners = me.rest(suite.edge()).runners();
    assertThat(runners).hasSize(1);
    return runners.getJSONObject(0);
  }

  private String spawn(String runner, String cwd) {
    JSONObject request =
        Json.object(
            "runnerId",
            runner,
            "cwd",
            cwd,
            "prompt",
            "the first prompt",
            "model",
            Json.object("provider", ScriptedModel.PROVIDER, "id", ScriptedModel.MODEL));
    return Json.parse(me.rest(suite.edge()).send("POST", "/api/runners/spawn", request).body())
        .getString("sessionId");
  }

  private static void awaitAnswer(
      ScriptedViewer viewer, String type, String question, Duration limit) {
    viewer.awaitEvent(
        envelope ->
            envelope.type().equals(type)
                && envelope.event().toString().contains(ScriptedModel.answerTo(question)),
        limit);
  }

  private static void awaitIdle(ScriptedHub hub, String session) {
    await("the worker is idle")
        .atMost(LIMIT)
        .until(
            () -> {
              JSONObject listed = hub.session(session);
              return listed != null && !listed.getBoolean("isActive");
            });
  }
}
