package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.metrics.MetricsPage;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What operators see of the session list on the management port. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class ManagementTest {
  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @Test
  void readersAndRequestsAreSeen() {
    given()
        .header("x-api-key", TestingIdentities.apiKey(TestSession.newUser()))
        .get("/api/sessions")
        .then()
        .statusCode(200);
    MetricsPage page = MetricsPage.read(metrics);
    assertThat(page.has("relay_consumer_lag", "channel=\"sessions\"")).isTrue();
    assertThat(page.has("relay_consumer_lag", "channel=\"events\"")).isTrue();
    assertThat(page.sum("relay_requests_seconds_count", "route=\"/api/sessions\"")).isPositive();
  }

  @Test
  void onlyTheManagementPortTells() {
    given().get(ready).then().statusCode(200);
    given().get("/q/metrics").then().statusCode(404);
  }
}
