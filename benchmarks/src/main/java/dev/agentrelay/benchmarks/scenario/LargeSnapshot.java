package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.TranscriptWorker;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.ProcessUse;
import dev.agentrelay.benchmarks.suite.Replica;
import java.util.List;
import org.HdrHistogram.Histogram;

/** One worker hands over 50 MiB in chunks while another is watched. */
public final class LargeSnapshot implements Scenario {
  private static final String NAME = "a snapshot of 50 MiB in chunks";
  private static final int CHUNKS = 50;
  private static final int MEBIBYTE = 1 << 20;

  private record Run(double p99Millis, double growthInSnapshots, double seconds) {}

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("snapshot");
        Load other =
            Load.start(bench, 1, 1, gateway, gateway).saturate(SaturatedSessions.UNDER_WAY)) {
      bench.warmUp();
      other.pace(QuietLatency.EVERY_MILLIS);
      try (TranscriptWorker worker = worker(bench, gateway)) {
        worker.handOver();
      }
      List<Run> runs = bench.runs(() -> measure(bench, gateway, other));
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

  private static Run measure(Bench bench, Replica gateway, Load other) {
    try (TranscriptWorker worker = worker(bench, gateway)) {
      gateway.collectGarbage();
      long before = ProcessUse.residentBytes(gateway.pid());
      Histogram nanos = Latencies.histogram();
      long start = System.nanoTime();
      other.measureInto(nanos);
      worker.handOver();
      double seconds = (System.nanoTime() - start) / 1e9;
      double growth = ProcessUse.residentBytes(gateway.pid()) - before;
      other.measureInto(Latencies.histogram());
      return new Run(
          nanos.getValueAtPercentile(99) / 1e6, growth / (CHUNKS * (double) MEBIBYTE), seconds);
    }
  }

  private static TranscriptWorker worker(Bench bench, Replica gateway) {
    return TranscriptWorker.register(bench.driver(), gateway.port(), CHUNKS, MEBIBYTE);
  }
}
