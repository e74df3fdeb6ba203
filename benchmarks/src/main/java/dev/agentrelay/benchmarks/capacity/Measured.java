package dev.agentrelay.benchmarks.capacity;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table that {@code benchmarks/run} printed, to be asked for single figures.
 *
 * @param rows the table's lines
 */
record Measured(List<String> rows) {
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,]*(\\.[0-9]+)?");
  private static final int FIRST_RUN = 3;
  private static final int LAST_RUN = 4;
  private static final int COLUMNS = 6;

  Measured {
    rows = List.copyOf(rows);
  }

  /**
   * The highest of the runs.
   *
   * @param measure as the table calls it
   * @param place which of the numbers of a run, from 0
   * @throws IllegalArgumentException when the table has no such figure
   */
  double worst(String measure, int place) {
    String[] cells =
        rows.stream()
            .map(row -> row.split("\\|", -1))
            .filter(row -> row.length == COLUMNS + 2)
            // a remark may follow what was measured
            .filter(row -> (row[2].strip() + ",").startsWith(measure + ","))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("the table has no row \"" + measure + "\""));
    return Math.max(number(cells[FIRST_RUN], place), number(cells[LAST_RUN], place));
  }

  private static double number(String cell, int place) {
    Matcher numbers = NUMBER.matcher(cell);
    for (int found = 0; numbers.find(); found++) {
      if (found == place) {
        return Double.parseDouble(numbers.group().replace(",", ""));
      }
    }
    throw new IllegalArgumentException("\"" + cell.strip() + "\" has no number " + (place + 1));
  }
}
