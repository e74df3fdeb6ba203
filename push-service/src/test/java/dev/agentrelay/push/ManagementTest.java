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
  void whatDidNotArriveIsCountedToo() {
    String[] labels = {"channel=\"none\"", "outcome=\"no_subscriptions\""};
    double before = MetricsPage.read(metrics).sum("relay_pushes_total", labels);
    say(question("call_1", "Drop", "Keep"));
    awaitOutcomes(1);
    assertThat(MetricsPage.read(metrics).sum("relay_pushes_total", labels)).isGreaterThan(before);
    String path = "browser-" + UUID.randomUUID();
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(403, "", ""));
    String[] rejected = {"channel=\"web\"", "outcome=\"rejected\""};
    before = MetricsPage.read(metrics).sum("relay_pushes_total", rejected);
    say(question("call_2", "Drop", "Keep"));
    awaitOutcomes(2);
    assertThat(MetricsPage.read(metrics).sum("relay_pushes_total", rejected)).isGreaterThan(before);
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
  }
}
