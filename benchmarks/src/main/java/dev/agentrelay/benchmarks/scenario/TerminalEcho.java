package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.Driver;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Keys typed one after the other into a shell whose runner another replica holds. */
public final class TerminalEcho implements Scenario {
  private static final int KEYS = 1_500;

  @Override
  public List<Figure> run(Bench bench) {
    String id = Clients.newId();
    try (Replica a = bench.suite().startGateway("terminal-a");
        Replica b = bench.suite().startGateway("terminal-b");
        RelaySocket runner = Clients.runner(a, id)) {
      runner.on(
          "terminal_input",
          typed ->
              runner.emit(
                  "terminal_data",
                  Json.object("terminalId", typed.text("terminalId"), "data", typed.text("data"))));
      String terminal =
          Json.requireText(
              Json.parse(
                  new RelayClient(Clients.at(b))
                      .send("POST", "/api/runners/terminal", Json.object("runnerId", id))
                      .body()),
              "terminalId");
      Map<String, Object> auth = Map.of("apiKey", Driver.API_KEY, "terminalId", terminal);
      try (RelaySocket viewer = Clients.join(b, "/terminal", auth)) {
        Arrivals echoes = new Arrivals();
        viewer.on("terminal_data", data -> echoes.note());
        viewer.await("terminal_connected");
        viewer.emit("terminal_resize", Json.object("cols", 80, "rows", 24));
        runner.await("new_terminal");
        runner.emit("terminal_ready", Json.object("terminalId", terminal));
        viewer.await("terminal_ready");
        type(viewer, terminal, echoes);
        return List.of(
            Figure.atMost(
                "terminal echo, shell on another replica",
                "p50",
                bench.runs(() -> type(viewer, terminal, echoes)),
                8,
                "ms"));
      }
    }
  }

  private static double type(RelaySocket viewer, String terminal, Arrivals echoes) {
    Histogram nanos = Latencies.histogram();
    for (int key = 0; key < KEYS; key++) {
      long start = System.nanoTime();
      viewer.emit("terminal_input", Json.object("terminalId", terminal, "data", "eA=="));
      nanos.recordValue(echoes.next() - start);
    }
    return nanos.getValueAtPercentile(50) / 1e6;
  }
}
