package dev.agentrelay.tunnel;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.metrics.MetricsPage;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What operators see of tunnels on the management port. */
@QuarkusTest
class ManagementTest extends TunnelTest {
  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @Test
  void aTunnelAndItsBytesAreSeen() {
    MetricsPage before = MetricsPage.read(metrics);
    tunnel();
    MetricsPage page = MetricsPage.read(metrics);
    assertThat(page.sum("relay_tunnels")).isPositive();
    for (String direction : new String[] {"direction=\"in\"", "direction=\"out\""}) {
      assertThat(page.sum("relay_tunnel_bytes_total", direction))
          .isGreaterThan(before.sum("relay_tunnel_bytes_total", direction));
    }
    for (String bound : new String[] {"bound=\"tunnel_streams\"", "bound=\"tunnel_spill_bytes\""}) {
      assertThat(page.sum("relay_bound_limit", bound)).isPositive();
    }
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
  }
}
