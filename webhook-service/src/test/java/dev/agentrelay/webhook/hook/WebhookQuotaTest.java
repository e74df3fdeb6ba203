package dev.agentrelay.webhook.hook;

import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** How many webhooks a user may have. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class WebhookQuotaTest {
  @ConfigProperty(name = "relay.quotas.webhooks")
  int most;

  @Inject Redis redis;

  @Test
  void oneTooManyIsRefusedUntilOneIsGone() {
    TestOwner owner = new TestOwner(redis).runnerIsHere();
    Hook first = owner.hook(Map.of());
    for (int made = 1; made < most; made++) {
      create(owner).statusCode(201);
    }
    create(owner)
        .statusCode(429)
        .body("error", equalTo("Your account may have at most " + most + " webhooks"))
        .body("code", equalTo("quota_exceeded"));
    create(new TestOwner(redis).runnerIsHere()).statusCode(201);
    owner.calls().delete("/api/webhooks/" + first.id()).then().statusCode(200);
    create(owner).statusCode(201);
  }

  private static ValidatableResponse create(TestOwner owner) {
    return owner
        .calls()
        .body(Map.of("name", "n", "source", "custom", "runnerId", owner.runner().value()))
        .post("/api/webhooks")
        .then();
  }
}
