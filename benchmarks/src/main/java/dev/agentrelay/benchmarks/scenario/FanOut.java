package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.util.List;

/** One busy agent that a hundred people watch. */
public final class FanOut implements Scenario {
  private static final String NAME = "fan-out, 1 worker with 100 viewers";
  private static final int VIEWERS = 100;
  private static final int UNDER_WAY = 64;
  private static final double MIN_PER_SECOND = 50_000;
  private static final double MAX_MICROS = 8;

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("fan-out");
        Load load = Load.start(bench, 1, VIEWERS, gateway, gateway).saturate(UNDER_WAY)) {
      bench.warmUp();
      List<Spending> runs = bench.runs(() -> load.spending(bench, List.of(gateway)));
      return List.of(
          new Figure(
              NAME,
              "deliveries/s",
              runs.stream().map(run -> "%,.0f".formatted(run.perSecond())).toList(),
              "≥ 50,000",
              runs.stream().allMatch(run -> run.perSecond() >= MIN_PER_SECOND)),
          new Figure(
              NAME,
              "gateway CPU per delivery",
              runs.stream().map(run -> "%.2f µs".formatted(run.gatewayMicros())).toList(),
              "≤ 8 µs",
              runs.stream().allMatch(run -> run.gatewayMicros() <= MAX_MICROS)));
    }
  }
}
