package dev.agentrelay.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.gateway.Member;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is over is swept once in the cluster, whoever dies (sockets.md 4.1, 4.13, 4.14). */
class SweepsIT extends TwoReplicas {
  @Test
  void eachSweepIsRunByOneReplicaAtATime() {
    long before = gateways.scans();
    long start = System.nanoTime();
    await().atMost(LIMIT).until(() -> gateways.scans() - before >= 40);
    long scans = gateways.scans() - before;
    double periods = (double) (System.nanoTime() - start) / Surroundings.SWEEP_EVERY.toNanos();
    // a lease holds for nine tenths of a period, and there are two sweeps
    assertThat((double) scans).isLessThan(2 * (periods / 0.9 + 2));
  }

  @Test
  void whatAKilledReplicaHeldIsSweptByTheOtherOnce() {
    // the one that sweeps is the one that dies, so that its lease has to be taken over as well
    String doomed =
        await().atMost(LIMIT).until(() -> gateways.sweeper("sessions"), Objects::nonNull);
    String left = doomed.equals("one") ? "other" : "one";
    Member worker = worker(doomed, null);
    RelaySocket daemon = daemon(doomed);
    String terminal = openTerminal(left);
    ScriptedHub hub = open(ScriptedHub.connect(at(left)));
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(at(left)));
    RelaySocket viewer = viewer(left, worker.id());
    RelaySocket shown = socket(left, "/terminal", Map.of("terminalId", terminal));
    shown.await("terminal_connected");

    gateways.kill(doomed);
    worker.socket().kill();
    daemon.kill();

    assertThat(viewer.inbox().await(event -> event.is("disconnected"), LIMIT).text("reason"))
        .isEqualTo("Session orphaned (no active relay connection)");
    hub.inbox()
        .await(
            event -> event.is("session_removed") && isOf(event.text("sessionId"), worker.id()),
            LIMIT);
    feed.inbox()
        .await(
            event -> event.is("runner_removed") && isOf(event.text("runnerId"), runner()), LIMIT);
    assertThat(
            shown
                .inbox()
                .await(event -> event.is("terminal_exit"), LIMIT)
                .payload()
                .getInt("exitCode"))
        .isEqualTo(-1);
    assertThat(gateways.sweeper("sessions")).isIn(left, null);

    // the next sweeps find nothing more to say
    long scans = gateways.scans();
    await().atMost(LIMIT).until(() -> gateways.scans() >= scans + 6);
    assertThat(hub.inbox().all()).filteredOn(event -> event.is("session_removed")).hasSize(1);
    assertThat(feed.inbox().all()).filteredOn(event -> event.is("runner_removed")).hasSize(1);
  }

  @Test
  void aGatewayThatComesBackUnderItsNameHoldsNoneOfTheDaemonsItHad() {
    RelaySocket daemon = daemon("one");
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(at("other")));
    gateways.kill("one");
    daemon.kill();
    gateways.startAll();
    assertThat(gateways.isKnown("one")).isTrue();
    feed.inbox()
        .await(
            event -> event.is("runner_removed") && isOf(event.text("runnerId"), runner()), LIMIT);
    assertThat(new RelayClient(at("other")).runners().isEmpty()).isTrue();
  }

  private String openTerminal(String gateway) {
    return Json.parse(
            new RelayClient(at(gateway))
                .send("POST", "/api/runners/terminal", Json.object("runnerId", runner()))
                .body())
        .getString("terminalId");
  }

  private static boolean isOf(@Nullable String id, String expected) {
    return expected.equals(id);
  }
}
