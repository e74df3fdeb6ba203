package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RelayClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Fifty people sign in at once while another asks something that needs no password. */
public final class SignIns implements Scenario {
  private static final String NAME = "50 sign-ins at once";
  private static final int PEOPLE = 50;
  private static final String UNLIMITED = "1000000";
  private static final String PASSWORD = "Correct-Horse-1";

  @Override
  public List<Figure> run(Bench bench) {
    Map<String, String> settings =
        Map.of(
            "RELAY_LIMITS_PASSWORD_CALLS", UNLIMITED,
            "RELAY_LIMITS_OTHER_CALLS", UNLIMITED);
    try (Replica auth = bench.suite().start("auth-service", "auth", settings)) {
      new RelayClient(ClientOptions.of(auth.url())).register("Many", "many@example.org", PASSWORD);
      measure(bench, auth);
      return List.of(
          Figure.atMost(
              NAME, "p99 of other requests", bench.runs(() -> measure(bench, auth)), 100, "ms"));
    }
  }

  private static double measure(Bench bench, Replica auth) {
    byte[] other = HttpRequests.request("GET", "/api/auth/ok", Map.of(), new byte[0]);
    CompletableFuture<Void> signIns = CompletableFuture.runAsync(() -> signIn(auth));
    HttpLoad one = new HttpLoad(auth.port(), 1);
    HttpLoad.Result others = one.runFor(Duration.ofMillis(100), number -> other);
    while (!signIns.isDone()) {
      HttpLoad.Result more = one.runFor(Duration.ofMillis(100), number -> other);
      others.nanos().add(more.nanos());
    }
    signIns.join();
    bench.say("%,d requests beside the sign-ins".formatted(others.nanos().getTotalCount()));
    return others.millis(99);
  }

  private static void signIn(Replica auth) {
    byte[] request =
        HttpRequests.request(
            "POST",
            "/api/auth/sign-in/email",
            Map.of("Content-Type", "application/json"),
            ("{\"email\":\"many@example.org\",\"password\":\"" + PASSWORD + "\"}")
                .getBytes(StandardCharsets.UTF_8));
    new HttpLoad(auth.port(), PEOPLE).send(PEOPLE, number -> request).allAnswered(200);
  }
}
