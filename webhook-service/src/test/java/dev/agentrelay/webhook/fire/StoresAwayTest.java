package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A store that cannot be reached loses nothing that was accepted, and never says "not found". */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka,redis,postgres"),
    restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoresAwayTest extends WebhookServiceTest {
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  @Test
  @Order(1)
  void whatWasTakenInIsDeliveredOnceWhenKafkaIsBack() {
    Hook rejecting = owner.hook(Map.of());
    Hook queueing = owner.hook(Map.of("whenOffline", "queue"));

    OwnStores.kill("kafka");
    expectUnavailable(fire(rejecting));
    fire(queueing).then().statusCode(202).body("queued", equalTo(true));

    OwnStores.startAgain("kafka");
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(List.of(rejecting, queueing))
                    .flatExtracting(owner::deliveries)
                    .extracting(delivery -> delivery.get("state"))
                    .containsExactly("delivered", "delivered"));
    fire(rejecting).then().statusCode(200).header("Idempotent-Replayed", "true");
    assertThat(gateway.all("spawn", owner.runner().value()))
        .extracting(ReceivedCommand::session)
        .hasSameElementsAs(
            List.of(
                String.valueOf(owner.deliveries(rejecting).getFirst().get("sessionId")),
                String.valueOf(owner.deliveries(queueing).getFirst().get("sessionId"))));
  }

  @Test
  @Order(2)
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

  private static Response fire(Hook hook) {
    return TestOwner.fire(hook, "{}", "Idempotency-Key", "k");
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
  }
}
