package dev.agentrelay.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.wire.Frame;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** One client's pace is nobody else's trouble. The gateway runs on 256 MB of heap here. */
@Isolated
class SlowPeersIT extends SuiteTest {
  private static final int FLOOD_EVENTS = 3_000;
  private static final int FLOOD_EVENT_BYTES = 100_000;
  private static final int LARGE_EVENTS = 200;
  private static final int LARGE_EVENT_BYTES = 1_000_000;
  private static final Duration USUAL = Duration.ofSeconds(2);
  private static final Duration WORST = Duration.ofSeconds(15);

  @Test
  void aFloodingWorkerIsSlowedDownAndOthersAreNot() throws Exception {
    URI gateway = suite.gatewayA().url();
    ProcessHandle process = suite.gatewayA().process();
    Worker flooding = new Worker(gateway);
    ScriptedWorker calm = open(ScriptedWorker.start(me.at(gateway), WorkerScript.standard()));
    String session = calm.awaitRegistered().getString("sessionId");
    ScriptedViewer viewer = open(ScriptedViewer.connect(me.at(suite.gatewayB().url())));
    viewer.open(session);

    CompletableFuture<Void> flood =
        CompletableFuture.runAsync(
            () -> {
              for (int number = 0; number < FLOOD_EVENTS; number++) {
                flooding.send(FLOOD_EVENT_BYTES);
              }
            });
    List<Duration> latencies = new ArrayList<>();
    while (!flood.isDone()) {
      latencies.add(latency(calm, viewer, latencies.size() + 1));
    }
    flood.get();
    flooding.awaitAcked(FLOOD_EVENTS);
    assertThat(latencies).hasSizeGreaterThan(10);
    Collections.sort(latencies);
    assertThat(latencies.get(latencies.size() * 9 / 10)).isLessThan(USUAL);
    assertThat(latencies.getLast()).isLessThan(WORST);
    assertThat(process.isAlive()).as("300 MB went through 256 MB of heap").isTrue();
  }

  @Test
  void aViewerThatNeverReadsIsCutOffAndOthersAreNot() throws Exception {
    URI gateway = suite.gatewayA().url();
    ProcessHandle process = suite.gatewayA().process();
    Worker worker = new Worker(gateway);
    worker.send(1);
    WireClient hung = viewer(gateway, worker.session);
    WireClient healthy = viewer(gateway, worker.session);
    hung.stopReading();
    for (int number = 0; number < LARGE_EVENTS; number++) {
      long sent = worker.send(LARGE_EVENT_BYTES);
      worker.awaitAcked(sent);
      // at the pace of the viewer that reads, so that only the hung one falls behind
      healthy.await(frame -> numberOf(frame) == sent);
    }
    long awaited = worker.seq;
    assertThat(healthy.closed()).isNotDone();
    hung.resumeReading();
    hung.closed().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(hung.frames()).noneMatch(frame -> numberOf(frame) == awaited);
    assertThat(process.isAlive()).isTrue();
  }

  private static Duration latency(ScriptedWorker worker, ScriptedViewer viewer, int number) {
    long sent = System.nanoTime();
    worker.sendEvent(Json.object("type", "ui_notify", "number", number));
    viewer.awaitEvent(envelope -> envelope.event().optInt("number") == number, LIMIT);
    return Duration.ofNanos(System.nanoTime() - sent);
  }

  private WireClient viewer(URI gateway, String session) {
    WireClient viewer = open(WireClient.connect(gateway));
    viewer.join("/viewer", WireClient.browserAuth(me.apiKey()));
    viewer.emit("/viewer", "switch_session", Json.object("sessionId", session, "generation", 1));
    viewer.await("/viewer", "connected");
    return viewer;
  }

  /** The {@code number} of a large event; found without reading the whole JSON. */
  private static long numberOf(Frame frame) {
    String mark = "\"number\":";
    int at = frame.body().indexOf(mark);
    if (at < 0) {
      return -1;
    }
    int from = at + mark.length();
    int to = from;
    while (to < frame.body().length() && Character.isDigit(frame.body().charAt(to))) {
      to++;
    }
    return from == to ? -1 : Long.parseLong(frame.body().substring(from, to));
  }

  /** A worker that sends as fast as the connection takes it. */
  private final class Worker {
    final WireClient wire;
    final String session;
    final String token;
    long seq;

    Worker(URI relay) {
      wire = open(WireClient.connect(relay));
      wire.join("/relay", Json.object("apiKey", me.apiKey(), "protocolVersion", 1));
      wire.emit("/relay", "register", Json.object("cwd", "/src", "ephemeral", true));
      JSONObject registered = wire.await("/relay", "registered");
      session = registered.getString("sessionId");
      token = registered.getString("token");
    }

    long send(int bytes) {
      long number = ++seq;
      String event =
          "{\"type\":\"ui_notify\",\"number\":"
              + number
              + ",\"text\":\""
              + "x".repeat(bytes)
              + "\"}";
      wire.send(
              "42/relay,[\"event\",{\"sessionId\":\""
                  + session
                  + "\",\"token\":\""
                  + token
                  + "\",\"event\":"
                  + event
                  + ",\"seq\":"
                  + number
                  + "}]")
          .toCompletableFuture()
          .join();
      return number;
    }

    void awaitAcked(long number) {
      wire.await(
          frame -> frame.is("/relay", "event_ack") && frame.payload().optLong("seq") == number);
    }
  }
}
