package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.testkit.stores.Store;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without Kafka no runner is asked for anything, and what was taken in is not forgotten. */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka"),
    restrictToAnnotatedClass = true)
class KafkaAwayTest extends WebhookServiceTest {

  @Test
  void whatWasTakenInIsDeliveredOnceWhenKafkaIsBack() {
    Hook rejecting = owner.hook(Map.of());
    Hook queueing = owner.hook(Map.of("whenOffline", "queue"));

    OwnStores.kill("kafka");
    fire(rejecting)
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
    fire(queueing).then().statusCode(202).body("queued", equalTo(true));

    Store kafkaIsBack = OwnStores.startAgain("kafka");
    try {
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
    } finally {
      kafkaIsBack.close();
    }
  }

  private static Response fire(Hook hook) {
    return TestOwner.fire(hook, "{}", "Idempotency-Key", "k");
  }
}
