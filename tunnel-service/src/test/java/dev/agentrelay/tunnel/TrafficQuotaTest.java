package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much may go through a user's tunnels in a while. */
@QuarkusTest
@TestProfile(TrafficQuotaTest.Little.class)
class TrafficQuotaTest extends TunnelTest {
  private static final Map<String, ?> TEXT = Map.of("content-type", "text/plain");

  /** Ten kilobytes a day. */
  public static final class Little implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("relay.quotas.tunnel-bytes", "10000", "relay.quotas.tunnel-window", "24h");
    }
  }

  @Test
  void whoHasUsedItUpIsToldWhenToComeBack() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> large = send(mine(base() + "/large"));
    tunnel.respond(idOf(tunnel.awaitRequest("/large")), 200, TEXT, "x".repeat(20_000));
    assertThat(answer(large).statusCode()).isEqualTo(200);
    expectUsedUp();
  }

  @Test
  void whatGoesUpCountsLikeWhatComesDown() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> large =
        send(mine(base() + "/up").POST(BodyPublishers.ofString("x".repeat(20_000))));
    String id = idOf(tunnel.awaitRequest("/up"));
    tunnel.await("request-data-end", id);
    tunnel.respond(id, 200, TEXT, "taken");
    assertThat(answer(large).statusCode()).isEqualTo(200);
    expectUsedUp();
  }

  private void expectUsedUp() {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              HttpResponse<String> refused =
                  send(mine(base() + "/more")).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
              assertThat(refused.statusCode()).isEqualTo(429);
              assertThat(refused.body()).contains("rate_limited").contains("10000 bytes");
              assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            });
  }
}
