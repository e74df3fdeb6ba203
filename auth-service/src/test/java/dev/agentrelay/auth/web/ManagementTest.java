package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.testkit.metrics.MetricsPage;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What operators see on the management port, and nobody on the public one. */
@QuarkusTest
@RealStores
class ManagementTest {
  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @Test
  void requestsAreTimedByTheirRoute() {
    call().header("x-api-key", freshKey()).get("/api/me").then().statusCode(200);
    call().get("/api/nothing/of/that/name").then().statusCode(404);
    MetricsPage page = MetricsPage.read(metrics);
    assertThat(
            page.sum(
                "relay_requests_seconds_count",
                "method=\"GET\"",
                "route=\"/api/me\"",
                "status=\"200\""))
        .isPositive();
    assertThat(page.toString()).doesNotContain("of/that/name");
  }

  @Test
  void boundsAreShown() {
    freshKey();
    MetricsPage page = MetricsPage.read(metrics);
    assertThat(page.sum("relay_bound_limit", "bound=\"password_hashes\"")).isEqualTo(64);
    assertThat(page.has("relay_bound_used", "bound=\"password_hashes\"")).isTrue();
    assertThat(page.has("relay_bound_used", "bound=\"key_uses\"")).isTrue();
    assertThat(page.has("relay_bound_used", "bound=\"callers\"")).isTrue();
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
    given().get("/q/health/ready").then().statusCode(404);
  }
}
