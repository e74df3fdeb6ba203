package dev.agentrelay.push;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.metrics.MetricsPage;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What operators see of notifications on the management port. */
@QuarkusTest
class ManagementTest extends PushTest {
  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @Test
  void whatBecameOfNotificationsIsCounted() {
    String[] labels = {"channel=\"web\"", "outcome=\"sent\""};
    double before = MetricsPage.read(metrics).sum("relay_pushes_total", labels);
    subscribe("browser-" + UUID.randomUUID(), "*");
    say(question("call_1", "Drop", "Keep"));
    awaitOutcomes(1);
    MetricsPage page = MetricsPage.read(metrics);
    assertThat(page.sum("relay_pushes_total", labels)).isGreaterThan(before);
    assertThat(page.sum("relay_bound_limit", "bound=\"pushes_under_way\"")).isPositive();
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
  }
}
