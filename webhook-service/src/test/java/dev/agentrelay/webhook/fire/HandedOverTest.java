package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.testkit.gateway.TopicReader;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is known of a trigger that was handed to a session's worker (rest.md 6.2). */
@QuarkusTest
class HandedOverTest extends WebhookServiceTest {
  private static final String BODY = "{\"type\":\"deploy\",\"n\":1.0,\"prompt\":\"theirs\"}";

  @Test
  void itStandsInTheHistoryOfItsSession() throws JsonProcessingException {
    Hook hook = owner.hook(Map.of("prompt", "ours"));
    try (TopicReader said = new TopicReader(kafka, Topics.TRIGGERS)) {
      JsonPath answer = TestOwner.fire(hook, BODY).then().statusCode(200).extract().jsonPath();

      TriggerEvent.Delivered told =
          (TriggerEvent.Delivered)
              RelayJson.mapper()
                  .readValue(
                      said.said()
                          .await(each -> each.key().equals(answer.getString("sessionId")), LIMIT)
                          .value(),
                      TriggerEvent.class);
      assertThat(told.userId()).isEqualTo(owner.user());
      assertThat(told.triggerId()).isEqualTo(answer.getString("triggerId"));
      assertThat(told.triggerType()).isEqualTo("webhook");
      assertThat(told.source()).isEqualTo("external:custom");
      assertThat(told.summary()).isEqualTo("Deploys");
      assertThat(told.payload().value()).isEqualTo(BODY.replace("theirs", "ours"));
      assertThat(told.deliverAs()).isEqualTo("steer");
    }
  }

  @Test
  void aWorkerThatDoesNotAcknowledgeIsToldAgainAndTheLedgerSaysSoUntilItHas() {
    Hook hook = owner.hook(Map.of());
    AtomicInteger told = new AtomicInteger();
    CompletableFuture<Boolean> looked = new CompletableFuture<>();
    gateway.script(
        owner.runner().value(),
        spawn -> {
          gateway.script(spawn.session(), Outcome.DELIVERED, "not acknowledged");
          gateway.script(
              spawn.session(),
              trigger ->
                  Optional.of(
                      told.incrementAndGet() > 1 && looked.join()
                          ? Outcome.ACKNOWLEDGED
                          : Outcome.DELIVERED));
          return Optional.of(Outcome.ACKNOWLEDGED);
        });

    String session = TestOwner.fire(hook, "{}").then().statusCode(200).extract().path("sessionId");

    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("state", "delivered")
        .containsEntry("lastError", "not acknowledged");
    looked.complete(true);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(owner.deliveries(hook).getFirst())
                    .containsEntry("state", "delivered")
                    .containsEntry("lastError", null));
    assertThat(gateway.all("delivertrigger", session))
        .hasSize(2)
        .extracting(command -> command.trigger().optString("triggerId"))
        .containsOnly(String.valueOf(owner.deliveries(hook).getFirst().get("triggerId")));
  }
}
