package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** One user sends as many events as his quota lets him; what those of another feel of it. */
public final class Fairness implements Scenario {
  private static final String NAME = "100 events/s beside a user at his quota of 1,000/s";
  private static final Map<String, String> SETTINGS =
      Map.of("RELAY_QUOTAS_EVENTS_PER_SECOND", "1000");
  private static final int WARM_UP_EVERY_MILLIS = 2;
  private static final Duration SETTLE = Duration.ofSeconds(20);
  private static final double HIGHEST_RATIO = 1.2;

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().start("runner-gateway", "fairness", SETTINGS);
        Load load = Load.start(bench, 1, 1, gateway, gateway).pace(WARM_UP_EVERY_MILLIS)) {
      try (PushingWorker warm = new PushingWorker(gateway)) {
        warm.start();
        bench.warmUp();
      }
      load.pace(QuietLatency.EVERY_MILLIS);
      bench.pass(QuietLatency.SETTLE);
      List<Histogram> alone = bench.runs(() -> load.latencies(bench, List.of(gateway)));
      List<Histogram> beside;
      List<String> taken = new ArrayList<>();
      try (PushingWorker neighbour = new PushingWorker(gateway)) {
        neighbour.start();
        bench.pass(SETTLE);
        beside =
            bench.runs(
                () -> {
                  long before = neighbour.acknowledged();
                  long began = System.nanoTime();
                  Histogram latencies = load.latencies(bench, List.of(gateway));
                  taken.add(perSecond(neighbour.acknowledged() - before, began));
                  return latencies;
                });
      }
      List<Double> ratios =
          IntStream.range(0, Bench.RUNS)
              .mapToObj(
                  run ->
                      Latencies.millis(beside.get(run), 99) / Latencies.millis(alone.get(run), 99))
              .toList();
      return List.of(
          Latencies.information(NAME + ", without him", alone, 99),
          Latencies.information(NAME, beside, 99),
          Figure.information(NAME, "his events", taken),
          Figure.atMost(NAME, "p99, with him against without", ratios, HIGHEST_RATIO, "×"));
    }
  }

  private static String perSecond(long events, long began) {
    double seconds = (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
    return "%,.0f/s".formatted(events / seconds);
  }
}
