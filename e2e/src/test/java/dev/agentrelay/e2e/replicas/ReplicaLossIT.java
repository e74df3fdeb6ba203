package dev.agentrelay.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.GatewayReplica;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Envelope;
import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What people notice when a gateway goes away under them: next to nothing (sockets.md 1.3, 6). */
@Isolated
class ReplicaLossIT extends SuiteTest {
  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);
  private static final int MANY = 15;

  @AfterEach
  void awaitBothReplicas() {
    suite.gatewayA().awaitBack();
    suite.gatewayB().awaitBack();
  }

  @Test
  void aReplicaThatIsDeployedAnewIsLeftWithoutAnEnd() {
    LiveSession live = new LiveSession();
    live.surviveEndOf(suite.gatewayA(), GatewayReplica::terminate, List.of("transport close"));
    suite.gatewayA().awaitBack();
    // Whoever was on the first replica is on the second by now, so this one hits everybody.
    live.surviveEndOf(suite.gatewayB(), GatewayReplica::terminate, List.of("transport close"));
    live.assertAllWereLost();
  }

  /** With many clients, because a stopping gateway closes them one after the other. */
  @Test
  void aReplicaThatIsDeployedAnewTakesNobodyOffTheLists() {
    ClientOptions onA = me.at(suite.gatewayA().url());
    ClientOptions onB = me.at(suite.gatewayB().url());
    ScriptedHub hub = open(ScriptedHub.connect(onB));
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(onB));
    for (int each = 0; each < MANY; each++) {
      ScriptedRunner runner = open(ScriptedRunner.connect(onA, RunnerScript.standard()));
      feed.await("runner_added", runner.runnerId());
      ScriptedWorker worker = open(ScriptedWorker.start(onA, WorkerScript.standard()));
      hub.await("session_added", worker.awaitRegistered().getString("sessionId"));
    }
    ProcessHandle left = suite.gatewayA().process();
    suite.gatewayA().terminate();
    await().atMost(BACK_WITHIN).until(() -> !left.isAlive());
    // Nobody can be back yet, so whatever was said came from the replica that has gone.
    assertThat(said(feed.inbox(), "runner_removed", "runnerId")).isEmpty();
    assertThat(said(hub.inbox(), "session_removed", "sessionId")).isEmpty();
    assertThat(me.rest(suite.gatewayB().url()).runners()).hasSize(MANY);
  }

  @Test
  void aReplicaThatCrashesIsLeftWithoutAnEnd() {
    LiveSession live = new LiveSession();
    List<String> reasons = List.of("transport close", "transport error");
    live.surviveEndOf(suite.gatewayA(), GatewayReplica::kill, reasons);
    suite.gatewayA().awaitBack();
    live.surviveEndOf(suite.gatewayB(), GatewayReplica::kill, reasons);
    live.assertAllWereLost();
  }

  @Test
  void whatWasAcknowledgedBeforeACrashIsReplayed() {
    ScriptedWorker worker =
        open(
            ScriptedWorker.start(
                me.at(suite.gatewayA().url()),
                WorkerScript.standard().withHeartbeat(Duration.ofMinutes(5))));
    String session = worker.awaitRegistered().getString("sessionId");
    ScriptedViewer watching = open(ScriptedViewer.connect(me.at(suite.gatewayB().url())));
    watching.open(session);
    long last = 0;
    for (int number = 1; number <= 300; number++) {
      last = worker.sendEvent(note(number));
    }
    worker.awaitAcked(last, LIMIT);
    suite.gatewayA().kill();
    // It does not come back, so that only the relay can know what it said.
    worker.socket().kill();

    ScriptedViewer late = open(ScriptedViewer.connect(me.at(suite.gatewayB().url())));
    late.open(session);
    // the relay is asked for, not what a browser makes of it: it counts a fresh replay as old
    late.envelopes().await(envelope -> numberOf(envelope) == 300, LIMIT);
    assertThat(late.envelopes().all().stream().map(ReplicaLossIT::numberOf).filter(n -> n > 0))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 300).boxed().toList());
    watching.awaitEvent(envelope -> numberOf(envelope) == 300, LIMIT);
    assertThat(notes(watching))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 300).boxed().toList());
  }

  @Test
  void aRunnerWhoseReplicaCrashedIsKnownButNotConnected() {
    ScriptedRunner runner =
        open(ScriptedRunner.connect(me.at(suite.gatewayA().url()), RunnerScript.standard()));
    suite.gatewayA().kill();
    runner.socket().kill();
    HttpResponse<String> answer =
        me.rest(suite.gatewayB().url())
            .exchange("POST", "/api/runners/spawn", Json.object("runnerId", runner.runnerId()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
    assertThat(Json.parse(answer.body()).getString("error"))
        .isEqualTo("Runner is not connected to this server");
  }

  private static JSONObject note(int number) {
    return Json.object("type", "ui_notify", "message", "note", "number", number);
  }

  private static long numberOf(Envelope envelope) {
    return envelope.type().equals("ui_notify") ? envelope.event().optLong("number") : 0;
  }

  private static List<Long> notes(ScriptedViewer viewer) {
    return viewer.envelopes().all().stream()
        .filter(envelope -> envelope.accepted() && numberOf(envelope) > 0)
        .map(ReplicaLossIT::numberOf)
        .toList();
  }

  /** A runner, its worker, a viewer and a hub, all through the edge. */
  private final class LiveSession {
    final ScriptedHub hub;
    final ScriptedRunner runner;
    final ScriptedWorker worker;
    final ScriptedViewer viewer;
    final String session;
    int notes;

    LiveSession() {
      ClientOptions edge = me.at(suite.edge());
      hub = open(ScriptedHub.connect(edge));
      runner = open(ScriptedRunner.connect(edge, RunnerScript.standard()));
      session = me.rest(suite.edge()).spawn(runner.runnerId(), "/src", null).getString("sessionId");
      worker = runner.awaitWorker(session);
      worker.awaitRegistered();
      viewer = open(ScriptedViewer.connect(edge));
      viewer.open(session);
    }

    void surviveEndOf(
        GatewayReplica gateway, Consumer<GatewayReplica> ending, List<String> reasons) {
      ProcessHandle process = gateway.process();
      ending.accept(gateway);
      await().atMost(BACK_WITHIN).until(() -> !process.isAlive());
      await("everybody is back")
          .atMost(BACK_WITHIN)
          .until(
              () ->
                  isBack(runner.inbox(), "runner_registered")
                      && isBack(worker.inbox(), "registered")
                      && isBack(hub.inbox(), "sessions")
                      && viewer.socket().connected());
      int number = ++notes;
      await("the viewer sees what the worker says now")
          .atMost(BACK_WITHIN)
          .until(
              () -> {
                worker.sendEvent(note(number));
                return viewer.envelopes().all().stream()
                    .anyMatch(envelope -> envelope.accepted() && numberOf(envelope) == number);
              });
      assertThat(worker.sessionId()).isEqualTo(session);
      await("the session is on the list")
          .atMost(BACK_WITHIN)
          .until(() -> hub.session(session) != null);
      for (Inbox<Received> inbox :
          List.of(runner.inbox(), worker.inbox(), hub.inbox(), viewer.inbox())) {
        assertThat(losses(inbox)).isSubsetOf(reasonsAfterReRegistration(inbox, reasons));
      }
      assertThat(said(viewer.inbox(), "disconnected", "code")).doesNotContain("session_ended");
      assertThat(said(runner.inbox(), "session_ended", "reason")).doesNotContain("Session ended");
      assertThat(me.rest(suite.edge()).runners().length()).isOne();
    }

    void assertAllWereLost() {
      for (Inbox<Received> inbox :
          List.of(runner.inbox(), worker.inbox(), hub.inbox(), viewer.inbox())) {
        assertThat(losses(inbox)).isNotEmpty();
      }
    }

    /** A viewer is sent off, to come back, when the session's worker has registered again. */
    private List<String> reasonsAfterReRegistration(Inbox<Received> inbox, List<String> reasons) {
      return inbox == viewer.inbox()
          ? Stream.concat(reasons.stream(), Stream.of("io server disconnect")).toList()
          : reasons;
    }
  }

  /** Whether that event has come since the connection was last lost. */
  private static boolean isBack(Inbox<Received> inbox, String event) {
    boolean back = false;
    for (Received received : inbox.all()) {
      if (received.is("disconnect")) {
        back = false;
      } else if (received.is(event)) {
        back = true;
      }
    }
    return back;
  }

  private static List<String> losses(Inbox<Received> inbox) {
    return said(inbox, "disconnect", "message");
  }

  private static List<String> said(Inbox<Received> inbox, String event, String member) {
    return inbox.all().stream()
        .filter(received -> received.is(event))
        .map(received -> received.text(member))
        .filter(Objects::nonNull)
        .toList();
  }
}
