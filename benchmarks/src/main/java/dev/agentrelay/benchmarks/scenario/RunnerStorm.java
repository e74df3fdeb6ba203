package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.Runners;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.time.Duration;
import java.util.List;

/** Every runner comes back in the same moment, as after an outage. */
public final class RunnerStorm implements Scenario {
  private static final int RUNNERS = 2_000;
  private static final Duration UNTIL_THE_LOSS_IS_SEEN = Duration.ofSeconds(3);

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("storm")) {
      Runners runners = new Runners(bench.driver(), gateway.port());
      runners.connect(RUNNERS);
      return List.of(
          Figure.atMost(
              "2,000 runners reconnect at once",
              "until all are registered",
              bench.runs(
                  () -> {
                    runners.closeAll();
                    bench.pass(UNTIL_THE_LOSS_IS_SEEN);
                    long start = System.nanoTime();
                    runners.connect(RUNNERS);
                    return (System.nanoTime() - start) / 1e9;
                  }),
              20,
              "s"));
    }
  }
}
