package dev.agentrelay.webhook.fire;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached loses nothing that was accepted, and never says "not found". */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "redis,postgres"),
    restrictToAnnotatedClass = true)
class StoresAwayTest extends WebhookServiceTest {
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  @Test
  void aStoreThatIsAwayIsAnswered503AndAQueueGoesOnWithoutRedis() {
    Hook rejecting = owner.hook(Map.of());
    Hook queueing = owner.hook(Map.of("whenOffline", "queue"));

    OwnStores.kill("redis");
    expectUnavailable(TestOwner.fire(rejecting, BODY));
    expectUnavailable(TestOwner.send(rejecting, BODY, TestOwner.stamped(rejecting, "n", BODY)));
    TestOwner.fire(queueing, BODY).then().statusCode(202);
    owner.calls().get("/api/webhooks").then().statusCode(200);

    OwnStores.kill("postgres");
    expectUnavailable(TestOwner.fire(queueing, BODY));
    expectUnavailable(owner.calls().get("/api/webhooks"));
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
  }
}
