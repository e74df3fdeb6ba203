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
                Figure.atLeast("live", "events/s", List.of(9_000.4, 9_100.0), 8_000, ""),
                Figure.atMost("live", "CPU", List.of(70.25, 90.0), 80, "µs"),
                Figure.information("hub", "connects/s", List.of("1", "2"))));

    assertThat(table)
        .isEqualTo(
            """
            | Scenario | Measure | Run 1 | Run 2 | Bar | Met |
            |---|---|---|---|---|---|
            | live | events/s | 9,000 | 9,100 | ≥ 8,000 | yes |
            | live | CPU | 70.25 µs | 90 µs | ≤ 80 µs | **no** |
            | hub | connects/s | 1 | 2 |  |  |
            """);
  }
}
