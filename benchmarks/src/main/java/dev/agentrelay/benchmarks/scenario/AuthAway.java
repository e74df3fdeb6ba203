package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RelayClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The auth-service is away for a minute: those who are known go on, others are asked to wait. */
public final class AuthAway implements Scenario {
  private static final String NAME = "auth-service away for 60 s";
  private static final Duration AWAY = Duration.ofSeconds(60);
  private static final int CONNECTIONS = 4;

  @Override
  public List<Figure> run(Bench bench) {
    Replica auth =
        bench
            .suite()
            .start(
                "auth-service",
                "auth-away",
                Map.of("RELAY_AUTH_CLOSE_SIGNUPS_AFTER_FIRST_USER", "false"));
    String key =
        String.valueOf(
            new RelayClient(ClientOptions.of(auth.url()))
                .register("Known", "known@example.org", "Correct-Horse-1")
                .options()
                .apiKey());
    Map<String, String> settings = Map.of("RELAY_AUTH_URL", auth.url().toString());
    try (Replica gateway = bench.suite().start("runner-gateway", "auth-away-gateway", settings)) {
      HttpLoad load = new HttpLoad(gateway.port(), CONNECTIONS);
      byte[] known = read(key);
      load.send(100, number -> known).allAnswered(200);
      auth.close();
      HttpLoad.Result meanwhile = load.runFor(AWAY, number -> known);
      HttpLoad.Result strangers = load.send(CONNECTIONS, number -> read("pk_live_x" + number));
      return List.of(
          Figure.atMost(NAME, "known callers refused", List.of(others(meanwhile, 200)), 0, ""),
          Figure.information(
              NAME, "known callers answered", List.of("%,d".formatted(meanwhile.count()))),
          Figure.atMost(
              NAME, "new callers answered other than 503", List.of(others(strangers, 503)), 0, ""));
    } finally {
      auth.close();
    }
  }

  private static double others(HttpLoad.Result result, int expected) {
    return result.count() - result.statuses().getOrDefault(expected, 0L);
  }

  private static byte[] read(String key) {
    return HttpRequests.request("GET", "/api/runners", Map.of("x-api-key", key), new byte[0]);
  }
}
