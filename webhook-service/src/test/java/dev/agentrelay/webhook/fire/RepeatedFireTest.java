package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A sender that repeats itself under an id of its own (rest.md 6.2 beyond the reference). */
@QuarkusTest
class RepeatedFireTest extends WebhookServiceTest {
  @Test
  void aDeliveryIdThatComesAgainStartsNothingAndGetsTheFirstAnswer() {
    Hook hook = owner.hook(Map.of());

    JsonPath first = fireWithKey(hook, "k-1");
    JsonPath second = fireWithKey(hook, "k-1");
    JsonPath other = fireWithKey(hook, "k-2");

    assertThat(second.getString("sessionId")).isEqualTo(first.getString("sessionId"));
    assertThat(other.getString("sessionId")).isNotEqualTo(first.getString("sessionId"));
    assertThat(gateway.all("spawn", owner.runner().value())).hasSize(2);
    assertThat(owner.deliveries(hook)).hasSize(2);
    assertThat(fireWithKey(owner.hook(Map.of()), "k-1").getString("sessionId"))
        .isNotEqualTo(first.getString("sessionId"));
  }

  @Test
  void aDeliveryIdWhoseFirstRequestStartedNothingIsTriedAgain() {
    Hook hook = owner.hook(Map.of());
    owner.runnerIsGone();
    TestOwner.fire(hook, "{}", "Idempotency-Key", "k").then().statusCode(503);
    owner.runnerIsHere();

    assertThat(fireWithKey(hook, "k").getString("sessionId")).isNotNull();
  }

  @Test
  void aDeliveryIdWhoseSessionDidNotConnectIsNotTriedAgain() {
    Hook hook = owner.hook(Map.of());
    triggersEnd(Outcome.UNKNOWN);

    for (int i = 0; i < 2; i++) {
      TestOwner.fire(hook, "{}", "Idempotency-Key", "k").then().statusCode(504);
    }
    assertThat(gateway.all("spawn", owner.runner().value())).hasSize(1);
  }

  private static JsonPath fireWithKey(Hook hook, String key) {
    return TestOwner.fire(hook, "{}", "Idempotency-Key", key)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }
}
