package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.util.List;

/** A small resource, read with an API key that the service has seen before. */
public final class AuthenticatedReads implements Scenario {
  private static final String NAME = "GET of a small resource with x-api-key, 16 connections";
  private static final int CONNECTIONS = 16;

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("reads")) {
      byte[] request = HttpRequests.get("/api/runners");
      HttpLoad load = new HttpLoad(gateway.port(), CONNECTIONS);
      bench.say("warming up");
      load.runFor(bench.warmUpTime(), number -> request);
      List<HttpLoad.Result> runs =
          bench.runs(() -> load.runFor(bench.window(), number -> request).allAnswered(200));
      return List.of(
          Figure.atLeast(
              NAME,
              "requests/s",
              runs.stream().map(HttpLoad.Result::perSecond).toList(),
              3_000,
              ""),
          Figure.information(
              NAME, "p99", runs.stream().map(run -> "%.1f ms".formatted(run.millis(99))).toList()));
    }
  }
}
