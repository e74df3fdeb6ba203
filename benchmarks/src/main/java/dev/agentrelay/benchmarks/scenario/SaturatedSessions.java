package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.util.List;

/** Four agents that work as fast as the gateway lets them, each watched by one person. */
public final class SaturatedSessions implements Scenario {
  static final int SESSIONS = 4;
  static final int UNDER_WAY = 256;

  private static final String NAME = "live events, 4 workers with 1 viewer each, saturated";
  private static final double MIN_PER_SECOND = 8_000;
  private static final double MAX_MICROS = 80;

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("live");
        Load load = Load.start(bench, SESSIONS, 1, gateway, gateway).saturate(UNDER_WAY)) {
      bench.warmUp();
      List<Spending> runs = bench.runs(() -> load.spending(bench, List.of(gateway)));
      return List.of(
          new Figure(
              NAME,
              "events/s",
              runs.stream().map(run -> "%,.0f".formatted(run.perSecond())).toList(),
              "≥ 8,000",
              runs.stream().allMatch(run -> run.perSecond() >= MIN_PER_SECOND)),
          new Figure(
              NAME,
              "CPU per event, gateway + Redis",
              runs.stream().map(SaturatedSessions::cpu).toList(),
              "≤ 80 µs",
              runs.stream()
                  .allMatch(run -> run.gatewayMicros() + run.redisMicros() <= MAX_MICROS)));
    }
  }

  static String cpu(Spending run) {
    return "%.1f µs (%.1f + %.1f)"
        .formatted(run.gatewayMicros() + run.redisMicros(), run.gatewayMicros(), run.redisMicros());
  }
}
