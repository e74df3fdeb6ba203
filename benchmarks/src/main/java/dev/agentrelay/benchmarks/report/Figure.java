package dev.agentrelay.benchmarks.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table.
 *
 * @param runs what each run measured, in order, with its unit
 * @param bar what it must be, in words; empty when it is only information
 * @param met whether every run met the bar; null when there is none
 */
public record Figure(
    String scenario, String measure, List<String> runs, String bar, @Nullable Boolean met) {

  public Figure {
    runs = List.copyOf(runs);
  }

  /** A figure without a bar. */
  public static Figure information(String scenario, String measure, List<String> runs) {
    return new Figure(scenario, measure, runs, "", null);
  }

  /** A figure of which more is better. */
  public static Figure atLeast(
      String scenario, String measure, List<Double> runs, double bar, String unit) {
    return new Figure(
        scenario,
        measure,
        shown(runs, unit),
        "≥ " + shown(bar, unit),
        runs.stream().allMatch(run -> run >= bar));
  }

  /** A figure of which less is better. */
  public static Figure atMost(
      String scenario, String measure, List<Double> runs, double bar, String unit) {
    return new Figure(
        scenario,
        measure,
        shown(runs, unit),
        "≤ " + shown(bar, unit),
        runs.stream().allMatch(run -> run <= bar));
  }

  private static List<String> shown(List<Double> runs, String unit) {
    return runs.stream().map(run -> shown(run, unit)).toList();
  }

  private static String shown(double value, String unit) {
    boolean whole = value >= 100 || value == Math.rint(value);
    return (whole ? "%,.0f%s" : "%.2f%s").formatted(value, unit.isEmpty() ? "" : " " + unit);
  }
}
