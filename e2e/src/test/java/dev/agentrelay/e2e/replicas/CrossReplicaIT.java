package dev.agentrelay.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.SpawnDecision;
import dev.agentrelay.testkit.clients.WorkerScript;
import dev.agentrelay.testkit.clients.WorkerScript.Generation;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everybody sees and reaches everybody, whichever replica holds whose socket (sockets.md 6). */
class CrossReplicaIT extends SuiteTest {

  /** Who is connected where. */
  enum Placement {
    RUNNER_ON_A_WORKER_ON_B(Generation.V0_5_7) {
      @Override
      URI runner(Suite suite) {
        return suite.gatewayA().url();
      }

      @Override
      URI worker(Suite suite) {
        return suite.gatewayB().url();
      }
    },
    RUNNER_ON_B_WORKER_ON_A(Generation.V0_52_0) {
      @Override
      URI runner(Suite suite) {
        return suite.gatewayB().url();
      }

      @Override
      URI worker(Suite suite) {
        return suite.gatewayA().url();
      }
    },
    ALL_THROUGH_THE_EDGE(Generation.V0_52_0) {
      @Override
      URI runner(Suite suite) {
        return suite.edge();
      }

      @Override
      URI worker(Suite suite) {
        return suite.edge();
      }
    };

    final Generation generation;

    Placement(Generation generation) {
      this.generation = generation;
    }

    abstract URI runner(Suite suite);

    /** Where the worker is, and where the spawn is asked for. */
    abstract URI worker(Suite suite);
  }

  @ParameterizedTest
  @EnumSource
  void aSessionIsTheSameOnEveryReplica(Placement placement) throws Exception {
    ClientOptions near = me.at(placement.runner(suite));
    ClientOptions far = me.at(placement.worker(suite));
    List<ScriptedRunnerFeed> feeds =
        List.of(open(ScriptedRunnerFeed.connect(near)), open(ScriptedRunnerFeed.connect(far)));
    List<ScriptedHub> hubs =
        List.of(open(ScriptedHub.connect(near)), open(ScriptedHub.connect(far)));

    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                near,
                RunnerScript.standard().onNewSession(asked -> new SpawnDecision.ReadyOnly())));
    feeds.forEach(feed -> feed.await("runner_added", runner.runnerId()));

    JSONObject spawned = me.rest(placement.worker(suite)).spawn(runner.runnerId(), "/src", null);
    assertThat(spawned.getBoolean("pending")).isFalse();
    String session = spawned.getString("sessionId");
    ScriptedWorker worker =
        open(
            ScriptedWorker.start(
                far,
                WorkerScript.standard()
                    .withSessionId(session)
                    .withGeneration(placement.generation)));
    worker.awaitRegistered();
    hubs.forEach(
        hub ->
            assertThat(hub.await("session_added", session).getString("runnerId"))
                .isEqualTo(runner.runnerId()));
    hubs.forEach(hub -> assertThat(hub.subscribeMeta(session).has("version")).isTrue());

    List<ScriptedViewer> viewers =
        List.of(open(ScriptedViewer.connect(near)), open(ScriptedViewer.connect(far)));
    viewers.forEach(viewer -> viewer.open(session));

    CompletableFuture<Boolean> taken = viewers.get(0).input("hello from afar");
    viewers.forEach(
        viewer ->
            viewer.awaitEvent(
                envelope ->
                    envelope.type().equals("message_end")
                        && envelope.event().toString().contains("You said: hello from afar"),
                LIMIT));
    hubs.forEach(
        hub ->
            await()
                .atMost(LIMIT)
                .untilAsserted(
                    () ->
                        assertThat(hub.inbox().all())
                            .anyMatch(
                                received ->
                                    received.is("meta_event")
                                        && "token_usage_updated".equals(received.text("type")))));
    assertThat(viewers.get(0).exec("get_commands").join().getBoolean("ok")).isTrue();
    viewers
        .get(1)
        .inbox()
        .await(
            received ->
                received.is("exec_result") && "get_commands".equals(received.text("command")),
            LIMIT);
    assertThat(taken.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(worker.faults()).isEmpty();

    assertThat(viewers.get(0).exec("end_session").join().getBoolean("ok")).isTrue();
    viewers.forEach(
        viewer ->
            assertThat(
                    viewer
                        .inbox()
                        .await(received -> received.is("disconnected"), LIMIT)
                        .text("code"))
                .isEqualTo("session_ended"));
    assertThat(runner.inbox().await(received -> received.is("session_ended"), LIMIT).text("reason"))
        .isEqualTo("Session ended");
    hubs.forEach(hub -> hub.await("session_removed", session));

    runner.close();
    feeds.forEach(feed -> feed.await("runner_removed", runner.runnerId()));
  }

  @Test
  void aRunnerThatMovesIsToldOfItsWorkersWhereverTheyAre() {
    ClientOptions near = me.at(suite.gatewayA().url());
    ClientOptions far = me.at(suite.gatewayB().url());
    ScriptedHub hub = open(ScriptedHub.connect(far));
    RunnerScript script =
        RunnerScript.standard().onNewSession(asked -> new SpawnDecision.ReadyOnly());
    ScriptedRunner before = open(ScriptedRunner.connect(near, script));
    List<String> sessions = new ArrayList<>();
    for (ClientOptions place : List.of(near, far)) {
      String session =
          me.rest(suite.edge()).spawn(before.runnerId(), "/src", null).getString("sessionId");
      open(BareWorker.register(place, session, null));
      assertThat(hub.await("session_added", session).getString("runnerId"))
          .isEqualTo(before.runnerId());
      sessions.add(session);
    }

    ScriptedRunner after = open(ScriptedRunner.connect(far, script));
    assertThat(after.adoptedSessions()).containsExactlyInAnyOrderElementsOf(sessions);
    after.disconnectSession(sessions.getFirst());
    hub.await("session_removed", sessions.getFirst());
  }
}
