package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.util.List;

/** A person's calls to a runner that answers at once. */
public final class RunnerCommands implements Scenario {
  private static final String NAME = "runner command there and back";
  private static final int WARM_UP_CALLS = 4_000;

  @Override
  public List<Figure> run(Bench bench) {
    String id = Clients.newId();
    try (Replica a = bench.suite().startGateway("commands-a");
        Replica b = bench.suite().startGateway("commands-b");
        RelaySocket runner = Clients.runner(a, id)) {
      runner.on(
          "get_skill",
          asked ->
              runner.emit(
                  "skill_result",
                  Json.object("requestId", asked.text("requestId"), "ok", true, "content", "a")));
      byte[] call = HttpRequests.get("/api/runners/" + id + "/skills/a");
      return List.of(
          Figure.atMost(NAME, "same replica, p50", calls(bench, a, call), 5, "ms"),
          Figure.atMost(NAME, "other replica, p50", calls(bench, b, call), 10, "ms"));
    }
  }

  private static List<Double> calls(Bench bench, Replica gateway, byte[] call) {
    HttpLoad one = new HttpLoad(gateway.port(), 1);
    one.send(WARM_UP_CALLS, number -> call);
    return bench.runs(() -> one.runFor(bench.window(), number -> call).allAnswered(200).millis(50));
  }
}
