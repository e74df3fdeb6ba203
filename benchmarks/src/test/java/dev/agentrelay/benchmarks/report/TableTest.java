package dev.agentrelay.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void showsRunsBarAndVerdict() {
    String table =
        Table.of(
            List.of(
                new Figure("live", "events/s", List.of("9,000", "9,100"), "≥ 8,000", true),
                new Figure("live", "CPU", List.of("70 µs", "90 µs"), "≤ 80 µs", false),
                Figure.later("hub", "memory", List.of("9 KiB", "8 KiB"), "≤ 20 KiB"),
                Figure.information("hub", "connects/s", List.of("1", "2"))));

    assertThat(table)
        .isEqualTo(
            """
            | Scenario | Measure | Run 1 | Run 2 | Bar | Met |
            |---|---|---|---|---|---|
            | live | events/s | 9,000 | 9,100 | ≥ 8,000 | yes |
            | live | CPU | 70 µs | 90 µs | ≤ 80 µs | **no** |
            | hub | memory | 9 KiB | 8 KiB | later ≤ 20 KiB |  |
            | hub | connects/s | 1 | 2 |  |  |
            """);
  }
}
