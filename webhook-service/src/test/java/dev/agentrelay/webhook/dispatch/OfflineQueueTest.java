package dev.agentrelay.webhook.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.WebhookServiceTest;
import dev.agentrelay.webhook.delivery.Answers;
import dev.agentrelay.webhook.delivery.Deliveries;
import dev.agentrelay.webhook.delivery.DeliveryId;
import dev.agentrelay.webhook.delivery.DeliveryState;
import dev.agentrelay.webhook.delivery.Incoming;
import dev.agentrelay.webhook.delivery.Intake;
import dev.agentrelay.webhook.delivery.OpenDeliveries;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.Webhooks;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What waits for a runner, and what a dead replica leaves behind. */
@QuarkusTest
class OfflineQueueTest extends WebhookServiceTest {
  @Inject EntityManager database;
  @Inject Deliveries deliveries;
  @Inject Intake intake;
  @Inject OpenDeliveries open;
  @Inject Webhooks webhooks;
  @Inject Answers answers;

  @Test
  void whatWaitedIsDeliveredInOrderWhenTheRunnerIsBack() {
    Hook hook = queueing();
    owner.runnerIsGone();
    fireQueued(hook, 5);
    assertThat(states(hook)).containsOnly("queued");

    owner.runnerIsHere();
    owner.sayRunnerIsBack(kafka);

    awaitStates(hook, "delivered", 5);
    assertThat(triggers(5)).containsExactly("t0", "t1", "t2", "t3", "t4");
  }

  @Test
  void aRunnerThatIsBackUnheardIsFoundByTheSweep() {
    Hook hook = queueing();
    owner.runnerIsGone();
    fireQueued(hook, 1);
    owner.runnerIsHere();

    awaitStates(hook, "delivered", 1);
  }

  @Test
  void nobodyOvertakesWhatWaits() {
    Hook hook = queueing();
    gateway.script(owner.runner().value(), Outcome.ABSENT);
    fireQueued(hook, 3);
    awaitStates(hook, "queued", 3);

    gateway.script(owner.runner().value(), Outcome.ACKNOWLEDGED);

    awaitStates(hook, "delivered", 3);
    List<String> spawned =
        gateway.all("spawn", owner.runner().value()).stream()
            .map(ReceivedCommand::session)
            .toList();
    assertThat(spawned.subList(spawned.size() - 3, spawned.size()))
        .doesNotHaveDuplicates()
        .isEqualTo(
            owner.deliveries(hook).reversed().stream().map(each -> each.get("sessionId")).toList());
  }

  @Test
  void aRepetitionOfWhatWaitsWaitsOnce() {
    Hook hook = queueing();
    owner.runnerIsGone();
    String first = fireQueued(hook, "k");
    assertThat(fireQueued(hook, "k")).isEqualTo(first);
    assertThat(owner.deliveries(hook)).hasSize(1);
  }

  @Test
  void whatWaitedTooLongHasExpired() {
    Hook hook = queueing();
    owner.runnerIsGone();
    fireQueued(hook, 1);
    QuarkusTransaction.requiringNew().run(() -> age(hook, "expires_at", Duration.ofSeconds(1)));

    awaitStates(hook, "expired", 1);
    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("lastError", "The runner was not back in time");
  }

  @Test
  void whatWaitsAtAWebhookThatIsDisabledHasFailed() {
    Hook hook = queueing();
    owner.runnerIsGone();
    fireQueued(hook, 2);

    owner.calls().body("{\"enabled\":false}").put("/api/webhooks/" + hook.id());
    owner.runnerIsHere();

    awaitStates(hook, "failed", 2);
    assertThat(owner.deliveries(hook))
        .allMatch(delivery -> "Webhook is disabled".equals(delivery.get("lastError")));
    assertThat(gateway.all("spawn", owner.runner().value())).isEmpty();
  }

  @Test
  void whatWasInterruptedForTooLongHasFailed() {
    Hook hook = owner.hook(Map.of());
    Webhook webhook = webhooks.find(new WebhookId(hook.id())).orElseThrow();
    DeliveryId id = DeliveryId.random();
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              intake.take(webhook, incoming(id), DeliveryState.RECEIVED, null);
              deliveries.started(id);
              age(hook, "started_at", Duration.ofMinutes(31));
              age(hook, "claimed_until", Duration.ZERO);
            });

    awaitStates(hook, "failed", 1);
    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("lastError", "It was interrupted, and nobody knows how far it got");
    assertThat(gateway.all("spawn", owner.runner().value())).isEmpty();
  }

  @Test
  void webhooksThatWereLeftLongestComeFirst() {
    List<Hook> hooks = List.of(queueing(), queueing(), queueing());
    owner.runnerIsGone();
    hooks.forEach(hook -> fireQueued(hook, 1));

    List<String> found =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  age(hooks.get(0), "claimed_until", Duration.ofMinutes(2));
                  age(hooks.get(1), "claimed_until", Duration.ofMinutes(3));
                  age(hooks.get(2), "claimed_until", Duration.ofMinutes(1));
                  return open.waitingWebhooks().stream().map(WebhookId::value).toList();
                });

    assertThat(found).containsSubsequence(hooks.get(1).id(), hooks.get(0).id(), hooks.get(2).id());
  }

  @Test
  void aFullQueueTakesNoMore() {
    Hook hook = queueing();
    owner.runnerIsGone();
    fireQueued(hook, 20);

    TestOwner.fire(hook, "{}")
        .then()
        .statusCode(503)
        .body("error", equalTo("Too many deliveries of this webhook are waiting"));
    assertThat(owner.deliveries(hook)).hasSize(20);
  }

  @Test
  void whatADeadReplicaBeganIsGoneOnWithUnderTheSameIds() {
    Hook hook = owner.hook(Map.of());
    Webhook webhook = webhooks.find(new WebhookId(hook.id())).orElseThrow();
    DeliveryId id = DeliveryId.random();
    // Written down and claimed by a replica that then died.
    intake.take(webhook, incoming(id), DeliveryState.RECEIVED, null);
    deliveries.started(id);

    awaitStates(hook, "delivered", 1);

    assertThat(gateway.all("spawn", owner.runner().value()))
        .extracting(ReceivedCommand::commandId)
        .containsOnly("delivery:" + id + ":spawn:0");
  }

  @Test
  void aSpawnThatNobodyAnswersIsAskedForAgainUnderTheSameId() {
    Hook hook = queueing();
    gateway.script(owner.runner().value(), spawn -> Optional.empty());
    Webhook webhook = webhooks.find(new WebhookId(hook.id())).orElseThrow();
    DeliveryId id = DeliveryId.random();
    intake.take(webhook, incoming(id), DeliveryState.QUEUED, answers.queued(id));

    await().atMost(LIMIT).until(() -> gateway.all("spawn", owner.runner().value()).size() >= 2);
    assertThat(gateway.all("spawn", owner.runner().value()))
        .extracting(ReceivedCommand::commandId)
        .containsOnly("delivery:" + id + ":spawn:0");
    assertThat(states(hook)).containsExactly("started");
  }

  /** Puts a time of a webhook's deliveries so long back; within a transaction. */
  private void age(Hook hook, String column, Duration by) {
    database
        .createNativeQuery(
            "update webhook.deliveries set " + column + " = :past where webhook_id = :id")
        .setParameter("past", Instant.now().minus(by))
        .setParameter("id", hook.id())
        .executeUpdate();
  }

  private Hook queueing() {
    return owner.hook(Map.of("whenOffline", "queue"));
  }

  private static Incoming incoming(DeliveryId id) {
    return new Incoming(
        id,
        null,
        "127.0.0.1",
        null,
        "plain",
        "webhook",
        null,
        "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static void fireQueued(Hook hook, int count) {
    for (int i = 0; i < count; i++) {
      TestOwner.fire(hook, "{\"type\":\"t" + i + "\"}")
          .then()
          .statusCode(202)
          .body("ok", equalTo(true))
          .body("queued", equalTo(true))
          .body("deliveryId", startsWith("whd_"));
    }
  }

  private static String fireQueued(Hook hook, String key) {
    return TestOwner.fire(hook, "{}", "Idempotency-Key", key)
        .then()
        .statusCode(202)
        .extract()
        .path("deliveryId");
  }

  private List<String> states(Hook hook) {
    return owner.deliveries(hook).stream().map(each -> String.valueOf(each.get("state"))).toList();
  }

  private void awaitStates(Hook hook, String state, int count) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(states(hook)).hasSize(count).allMatch(state::equals));
  }

  /** The types inside the triggers that sessions got, in that order. */
  private List<String> triggers(int count) {
    List<ReceivedCommand> found =
        gateway.received().all().stream()
            .filter(command -> command.type().equals("delivertrigger"))
            .filter(command -> command.userId().equals(owner.user().value()))
            .toList();
    assertThat(found).hasSize(count);
    return found.stream()
        .map(command -> command.trigger().optJSONObject("payload").optString("type"))
        .toList();
  }
}
