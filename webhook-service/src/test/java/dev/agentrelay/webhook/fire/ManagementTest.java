package dev.agentrelay.webhook.fire;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.metrics.MetricsPage;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What operators see of webhooks on the management port. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class ManagementTest {
  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @Inject Redis redis;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @Test
  void whatBecameOfDeliveriesIsCounted() {
    String[] delivered = {"relay_webhook_deliveries_total", "outcome=\"delivered\""};
    double before = MetricsPage.read(metrics).sum(delivered[0], delivered[1]);
    try (ScriptedGateway gateway = ScriptedGateway.start(kafka)) {
      TestOwner owner = new TestOwner(redis).runnerIsHere();
      TestOwner.fire(owner.hook(Map.of()), "{}").then().statusCode(200);
    }
    MetricsPage page = MetricsPage.read(metrics);
    assertThat(page.sum(delivered[0], delivered[1]) - before).isEqualTo(1);
    assertThat(page.has("relay_consumer_lag", "channel=\"runners\"")).isTrue();
    for (String bound :
        List.of(
            "webhook_requests",
            "webhook_queue_workers",
            "longest_webhook_queue",
            "fired_webhooks",
            "preferences")) {
      assertThat(page.has("relay_bound_used", "bound=\"" + bound + "\"")).as(bound).isTrue();
    }
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
  }
}
