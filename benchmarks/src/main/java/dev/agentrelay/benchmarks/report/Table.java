package dev.agentrelay.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/** Figures as one Markdown table. */
public final class Table {
  private static final String HEAD =
      """
      | Scenario | Measure | Run 1 | Run 2 | Bar | Met |
      |---|---|---|---|---|---|
      """;

  private Table() {}

  public static String of(List<Figure> figures) {
    return figures.stream().map(Table::row).collect(Collectors.joining("\n", HEAD, "\n"));
  }

  private static String row(Figure figure) {
    Boolean met = figure.met();
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            figure.scenario(),
            figure.measure(),
            figure.runs().get(0),
            figure.runs().size() == 1 ? "" : figure.runs().get(1),
            figure.bar(),
            met == null ? "" : met ? "yes" : "**no**");
  }
}
