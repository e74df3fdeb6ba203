package dev.agentrelay.trigger;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.metrics.MetricsPage;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What operators see of triggers on the management port. */
@QuarkusTest
class ManagementTest extends TriggerServiceTest {
  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @Test
  void readersRequestsAndCommandsAreSeen() {
    asUser().get("/api/sessions/" + session + "/triggers").then().statusCode(200);
    MetricsPage page = MetricsPage.read(metrics);
    assertThat(page.has("relay_consumer_lag", "channel=\"sessions\"")).isTrue();
    assertThat(page.has("relay_consumer_lag", "channel=\"triggers\"")).isTrue();
    assertThat(page.sum("relay_requests_seconds_count", "method=\"GET\"", "status=\"200\""))
        .isPositive();
    assertThat(page.toString()).doesNotContain(session.value());
    assertThat(page.sum("relay_bound_limit", "bound=\"commands_sent\"")).isPositive();
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
  }
}
