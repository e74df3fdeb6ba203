package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** One agent at a hundred events a second on a machine that does nothing else. */
public final class QuietLatency implements Scenario {
  static final int EVERY_MILLIS = 10;

  /** The compilers go on for so long after a load that kept both cores busy. */
  static final Duration SETTLE = Duration.ofSeconds(60);

  private static final String NAME = "latency at 100 events/s";

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("latency");
        Load load =
            Load.start(bench, 1, 1, gateway, gateway).saturate(SaturatedSessions.UNDER_WAY)) {
      bench.warmUp();
      load.pace(EVERY_MILLIS);
      bench.pass(SETTLE);
      List<Histogram> runs = bench.runs(() -> load.latencies(bench, List.of(gateway)));
      return List.of(Latencies.withBar(NAME, runs, 50, 2), Latencies.withBar(NAME, runs, 99, 8));
    }
  }
}
