package dev.agentrelay.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Measured MEASURED =
      new Measured(
          List.of(
              "2 cores",
              "| Scenario | Measure | Run 1 | Run 2 | Bar | Met |",
              "|---|---|---|---|---|---|",
              "| a | CPU per event, gateway + Redis | 60.0 µs (40.0 + 20.0) | 50.0 µs (41.0 + 9.0)"
                  + " | ≤ 80 µs | yes |",
              "| b | gateway CPU per delivery | 4.00 µs | 5.00 µs | ≤ 8 µs | yes |",
              "| c | memory each, at rest | 2.0 KiB | 1.0 KiB | ≤ 20 KiB | yes |",
              "| d | CPU of the service per MiB | 10.0 ms | 8.0 ms | ≤ 5 ms | no |",
              "| e | CPU of the service per MiB | 90.0 ms | 90.0 ms | ≤ 2 ms | no |"));
  private static final Demand DEMAND = new Demand(1_000, 10_000, 0.5, 2, 1_024, 20, 0.5);

  @Test
  void coresFollowFromEventsAndDeliveries() {
    Plan plan = Plan.of(DEMAND, MEASURED);

    // 1,000 events at 41 µs and 10,000 deliveries at 5 µs, at half a core's time
    assertThat(plan.gatewayCores()).isCloseTo(0.182, within(1e-9));
    assertThat(plan.redisShards()).isCloseTo(0.04, within(1e-9));
    assertThat(plan.tunnelCores()).isCloseTo(0.4, within(1e-9));
    assertThat(plan.firstFull()).startsWith("One Redis is full first, at 25,000 events/s.");
  }

  @Test
  void whatWasMeasuredLastIsEnoughToReckonWith() throws IOException {
    Measured figures = new Measured(Files.readAllLines(Path.of("../docs/performance.md")));
    assertThat(Plan.of(DEMAND, figures).needs()).hasSize(6);
  }

  @Test
  void connectionsAreThoseOfRunnersWorkersAndViewers() {
    assertThat(Plan.of(DEMAND, MEASURED).needs())
        .contains(new Plan.Need("runner-gateway, memory", "11,500 connections", "0.0 GiB"));
  }

  @Test
  void aFigureThatWasNotMeasuredIsNamed() {
    assertThatThrownBy(() -> MEASURED.worst("speed", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the table has no row \"speed\"");
  }
}
