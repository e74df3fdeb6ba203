package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.ProcessUse;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;

/** One worker hands over 50 MiB in chunks while another is watched. */
public final class LargeSnapshot implements Scenario {
  private static final String NAME = "a snapshot of 50 MiB in chunks";
  private static final int CHUNKS = 50;

  /** The client library closes the connection when it has more than 16 MiB to send. */
  private static final int UNDER_WAY = 12;

  private static final String MESSAGE = "m".repeat(1 << 20);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private record Run(double p99Millis, double growthInSnapshots, double seconds) {}

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("snapshot");
        Load other =
            Load.start(bench, 1, 1, gateway, gateway).saturate(SaturatedSessions.UNDER_WAY)) {
      bench.warmUp();
      other.pace(QuietLatency.EVERY_MILLIS);
      handOver(gateway);
      List<Run> runs = bench.runs(() -> measure(gateway, other));
      return List.of(
          Figure.atMost(
              NAME,
              "p99 of another session meanwhile",
              runs.stream().map(Run::p99Millis).toList(),
              50,
              "ms"),
          Figure.atMost(
              NAME,
              "the gateway's memory grows by, in snapshots",
              runs.stream().map(Run::growthInSnapshots).toList(),
              3,
              "×"),
          Figure.information(
              NAME,
              "until the last chunk is acknowledged",
              runs.stream().map(run -> "%.1f s".formatted(run.seconds)).toList()));
    }
  }

  private static Run measure(Replica gateway, Load other) {
    gateway.collectGarbage();
    long before = ProcessUse.residentBytes(gateway.pid());
    Histogram nanos = Latencies.histogram();
    long start = System.nanoTime();
    other.measureInto(nanos);
    handOver(gateway);
    double seconds = (System.nanoTime() - start) / 1e9;
    double growth = ProcessUse.residentBytes(gateway.pid()) - before;
    other.measureInto(Latencies.histogram());
    return new Run(
        nanos.getValueAtPercentile(99) / 1e6, growth / (CHUNKS * (double) (1 << 20)), seconds);
  }

  /** Returns when the last chunk is acknowledged. */
  private static void handOver(Replica gateway) {
    String session = Clients.newId();
    try (RelaySocket worker = Clients.worker(gateway, session)) {
      String token = Json.requireText(worker.await("registered").payload(), "token");
      List<JSONObject> events = chunked();
      for (int i = 0; i < events.size(); i++) {
        Clients.send(worker, session, token, i + 1L, events.get(i));
        awaitAck(worker, i + 1L - UNDER_WAY);
      }
      awaitAck(worker, events.size());
    }
  }

  private static void awaitAck(RelaySocket worker, long seq) {
    if (seq > 0) {
      worker.inbox().await(r -> r.is("event_ack") && r.payload().optLong("seq") >= seq, LIMIT);
    }
  }

  private static List<JSONObject> chunked() {
    String id = Clients.newId();
    List<JSONObject> events = new ArrayList<>();
    events.add(
        Json.object(
            "type",
            "session_active",
            "state",
            Json.object(
                "messages",
                Json.array(),
                "chunked",
                true,
                "snapshotId",
                id,
                "totalMessages",
                CHUNKS)));
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      JSONObject message = Json.object("role", "user", "content", MESSAGE, "timestamp", chunk);
      events.add(
          Json.object(
              "type",
              "session_messages_chunk",
              "snapshotId",
              id,
              "chunkIndex",
              chunk,
              "totalChunks",
              CHUNKS,
              "totalMessages",
              CHUNKS,
              "messages",
              Json.array(message),
              "final",
              chunk == CHUNKS - 1));
    }
    return events;
  }
}
