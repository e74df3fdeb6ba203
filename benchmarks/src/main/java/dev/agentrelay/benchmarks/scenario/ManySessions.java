package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.util.List;

/** The same number of events a second, from few sessions and from many. */
public final class ManySessions implements Scenario {
  private static final String NAME = "1,000 events/s from 10 and from 2,000 sessions";
  private static final int FEW = 10;
  private static final int MANY = 2_000;
  private static final int PER_SECOND = 1_000;
  private static final double HIGHEST_RATIO = 1.2;

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("sessions")) {
      List<Double> few = micros(bench, gateway, FEW);
      List<Double> many = micros(bench, gateway, MANY);
      return List.of(
          Figure.information(NAME, "CPU per event of 10", shown(few)),
          Figure.information(NAME, "CPU per event of 2,000", shown(many)),
          Figure.atMost(
              NAME,
              "2,000 against 10",
              List.of(many.getFirst() / few.getFirst(), many.getLast() / few.getLast()),
              HIGHEST_RATIO,
              "×"));
    }
  }

  private static List<Double> micros(Bench bench, Replica gateway, int sessions) {
    try (Load load = Load.start(bench, sessions, 1, gateway, gateway)) {
      load.pace(1_000 * sessions / PER_SECOND);
      bench.pass(QuietLatency.SETTLE);
      return bench.runs(
          () -> {
            Spending spent = load.spending(bench, List.of(gateway));
            return spent.gatewayMicros() + spent.redisMicros();
          });
    }
  }

  private static List<String> shown(List<Double> micros) {
    return micros.stream().map(value -> "%.0f µs".formatted(value)).toList();
  }
}
