package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Percentiles of several runs as rows. */
final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long HIGHEST_NANOS = 120_000_000_000L;
  private static final int DIGITS = 3;

  private Latencies() {}

  /** For nanoseconds, up to two minutes. */
  static Histogram histogram() {
    return new Histogram(HIGHEST_NANOS, DIGITS);
  }

  static Figure withBar(
      String scenario, List<Histogram> runs, double percentile, double maxMillis) {
    return new Figure(
        scenario,
        name(percentile),
        shown(runs, percentile),
        "≤ %.0f ms".formatted(maxMillis),
        runs.stream().allMatch(run -> millis(run, percentile) <= maxMillis));
  }

  static Figure information(String scenario, List<Histogram> runs, double percentile) {
    return Figure.information(scenario, name(percentile), shown(runs, percentile));
  }

  private static String name(double percentile) {
    return "worker to viewer, p%.0f".formatted(percentile);
  }

  private static List<String> shown(List<Histogram> runs, double percentile) {
    return runs.stream().map(run -> "%.2f ms".formatted(millis(run, percentile))).toList();
  }

  static double millis(Histogram run, double percentile) {
    return run.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
