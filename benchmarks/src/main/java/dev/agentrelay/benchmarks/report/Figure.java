package dev.agentrelay.benchmarks.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table.
 *
 * @param runs what each run measured, in order, with its unit
 * @param bar what it must be, in words; empty when it is only information
 * @param met whether every run met the bar; null when there is none yet
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

  /** A figure with a bar that does not count yet. */
  public static Figure later(String scenario, String measure, List<String> runs, String bar) {
    return new Figure(scenario, measure, runs, "later " + bar, null);
  }
}
