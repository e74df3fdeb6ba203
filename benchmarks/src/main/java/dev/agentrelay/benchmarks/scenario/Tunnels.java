package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.driver.Runners;
import dev.agentrelay.benchmarks.driver.TunnelRunner;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Web apps on runners, seen through their tunnels. The runner has its answers ready, so that the
 * figures are what the relay itself costs; the published one is slower.
 */
public final class Tunnels implements Scenario {
  static final int TUNNELS = 500;

  private static final int PORT = 3000;

  /** The app of one tunnel, and what it sends. */
  record App(Replica service, Map<String, byte[]> pieces) {
    /** Connects the tunnel of the runner of that number. */
    TunnelRunner connect(int number) {
      return TunnelRunner.connect(service.port(), Runners.id(number), pieces);
    }

    /** A request to the app of the first runner. */
    byte[] get(String path) {
      return HttpRequests.get(address(path));
    }

    String address(String path) {
      return "/api/tunnel/runner/" + Runners.id(0) + "/" + PORT + path;
    }
  }

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("tunnels-gateway");
        Replica service = bench.suite().start("tunnel-service", "tunnels", Map.of())) {
      Runners runners = new Runners(bench.driver(), gateway.port());
      runners.connect(TUNNELS + 1);
      App app =
          new App(
              service,
              Map.of(
                  "random", TunnelRunner.piece(random()),
                  "text", TunnelRunner.piece(text())));
      List<Figure> figures = new ArrayList<>();
      TunnelRunner runner = app.connect(0);
      figures.addAll(TunnelSpeed.measure(bench, app));
      figures.addAll(TunnelMemory.measure(bench, app));
      runner.close();
      runners.closeAll();
      return figures;
    }
  }

  /** A piece as archives and films have them, always the same. */
  static byte[] random() {
    byte[] bytes = new byte[TunnelRunner.PIECE_BYTES];
    new Random(9).nextBytes(bytes);
    return bytes;
  }

  /** A piece of lines as data and programs have them. */
  private static byte[] text() {
    StringBuilder lines = new StringBuilder();
    for (int line = 0; lines.length() < TunnelRunner.PIECE_BYTES; line++) {
      lines.append("  {\"line\": ").append(line).append(", \"text\": \"what an app sends\"},\n");
    }
    return lines.substring(0, TunnelRunner.PIECE_BYTES).getBytes(StandardCharsets.US_ASCII);
  }
}
