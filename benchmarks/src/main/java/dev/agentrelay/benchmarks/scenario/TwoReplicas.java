package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Workers on one replica, those who watch them on another. */
public final class TwoReplicas implements Scenario {
  private static final String LATENCY = "worker on A, viewer on B, 100 events/s";
  private static final String SATURATED = "worker on A, viewer on B, 4 sessions, saturated";

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica a = bench.suite().startGateway("replica-a");
        Replica b = bench.suite().startGateway("replica-b")) {
      List<Spending> saturated;
      try (Load load =
          Load.start(bench, SaturatedSessions.SESSIONS, 1, a, b)
              .saturate(SaturatedSessions.UNDER_WAY)) {
        bench.warmUp();
        saturated = bench.runs(() -> load.spending(bench, List.of(a, b)));
      }
      try (Load load = Load.start(bench, 1, 1, a, b).pace(QuietLatency.EVERY_MILLIS)) {
        bench.pass(QuietLatency.SETTLE);
        List<Histogram> quiet = bench.runs(() -> load.latencies(bench, List.of(a, b)));
        return List.of(
            Latencies.withBar(LATENCY, quiet, 50, 4),
            Latencies.information(LATENCY, quiet, 99),
            Figure.information(
                SATURATED,
                "events/s",
                saturated.stream().map(run -> "%,.0f".formatted(run.perSecond())).toList()),
            Figure.information(
                SATURATED,
                "CPU per event, both gateways + Redis",
                saturated.stream().map(SaturatedSessions::cpu).toList()));
      }
    }
  }
}
