package dev.agentrelay.webhook.hook;

import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many webhooks a user may have. */
@QuarkusTest
@TestProfile(WebhookQuotaTest.One.class)
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class WebhookQuotaTest {
  /** One for each user. */
  public static final class One implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("relay.quotas.webhooks", "1");
    }
  }

  @Inject Redis redis;

  @Test
  void oneTooManyIsRefusedUntilOneIsGone() {
    TestOwner owner = new TestOwner(redis).runnerIsHere();
    Hook first = owner.hook(Map.of());
    create(owner)
        .statusCode(429)
        .body("error", equalTo("Your account may have at most 1 webhooks"))
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
