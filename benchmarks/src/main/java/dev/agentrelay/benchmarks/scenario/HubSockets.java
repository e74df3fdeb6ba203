package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.IdleHubs;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Memory;
import dev.agentrelay.benchmarks.suite.Replica;
import java.time.Duration;
import java.util.List;

/** Many browsers that only have the list of sessions open. */
public final class HubSockets implements Scenario {
  private static final String NAME = "5,000 idle hub sockets";
  private static final int SOCKETS = 5_000;

  private record Cost(double perSecond, double kibibytesEach) {}

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("hub")) {
      IdleHubs hubs = new IdleHubs(bench.driver(), gateway.port());
      bench.warmUp(
          () -> {
            hubs.connect(SOCKETS);
            hubs.closeAll();
          });
      List<Cost> runs = bench.runs(() -> cost(bench, gateway, hubs));
      return List.of(
          Figure.atLeast(
              NAME, "connects/s", runs.stream().map(Cost::perSecond).toList(), 1_500, ""),
          Figure.atMost(
              NAME, "memory each", runs.stream().map(Cost::kibibytesEach).toList(), 20, "KiB"));
    }
  }

  private static Cost cost(Bench bench, Replica gateway, IdleHubs hubs) {
    bench.pass(Duration.ofSeconds(1));
    Memory before = gateway.memory();
    long start = System.nanoTime();
    hubs.connect(SOCKETS);
    double seconds = (System.nanoTime() - start) / 1e9;
    bench.pass(Duration.ofSeconds(1));
    hubs.check();
    double bytes = gateway.memory().growthSince(before);
    hubs.closeAll();
    return new Cost(SOCKETS / seconds, bytes / SOCKETS / 1024);
  }
}
