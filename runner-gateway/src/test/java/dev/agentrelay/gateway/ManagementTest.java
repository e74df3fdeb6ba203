package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.metrics.MetricsPage;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What operators see of live sessions on the management port. */
@QuarkusTest
class ManagementTest extends GatewayTest {
  /** More than the one event in so many whose way is timed. */
  private static final int EVENTS = 70;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @Test
  void aSessionAndItsViewerAreSeen() {
    double before = MetricsPage.read(metrics).sum("relay_events_total");
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    RelaySocket viewer = session.view();
    for (int each = 1; each < EVENTS; each++) {
      session.send(Json.object("type", "custom", "n", each));
    }
    session.send(Json.object("type", "last"));
    envelope(viewer, "last");

    MetricsPage page = MetricsPage.read(metrics);
    assertThat(page.sum("relay_connections", "namespace=\"relay\"")).isPositive();
    assertThat(page.sum("relay_connections", "namespace=\"viewer\"")).isPositive();
    assertThat(page.sum("relay_transports")).isGreaterThanOrEqualTo(2);
    assertThat(page.sum("relay_sessions")).isPositive();
    assertThat(page.sum("relay_events_total") - before).isGreaterThanOrEqualTo(EVENTS);
    assertThat(page.sum("relay_delivery_latency_seconds_count")).isPositive();
    assertThat(page.sum("relay_socket_bytes_total", "direction=\"in\"")).isPositive();
    assertThat(page.has("relay_ring_lag")).isTrue();
    assertThat(page.has("relay_consumer_lag", "channel=\"commands\"")).isTrue();
    assertThat(page.sum("relay_bound_limit", "bound=\"largest_backlog_bytes\"")).isPositive();
    for (String bound :
        new String[] {
          "event_log_bytes",
          "mail",
          "runner_requests",
          "commands_running",
          "snapshot_readers",
          "spawns"
        }) {
      assertThat(page.has("relay_bound_used", "bound=\"" + bound + "\"")).as(bound).isTrue();
    }
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
  }
}
