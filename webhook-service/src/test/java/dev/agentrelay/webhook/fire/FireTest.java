package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.preferences.ScriptedPreferences;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** W6 of rest.md 6.2 with a runner that is there: what is started, and every status after that. */
@QuarkusTest
class FireTest extends WebhookServiceTest {
  private static final String BODY = "{\"type\":\"deploy\",\"n\":1.0,\"prompt\":\"theirs\"}";

  @ConfigProperty(name = "relay.auth.url")
  String auth;

  @Test
  void aSignedRequestStartsASessionAndGivesItTheTrigger() {
    Hook hook =
        owner.hook(
            Map.of("cwd", "/src", "prompt", "ours", "model", Map.of("provider", "p", "id", "m")));

    JsonPath answer =
        TestOwner.fire(hook, BODY)
            .then()
            .statusCode(200)
            .header("X-Webhook-Delivery-Id", notNullValue())
            .body("ok", equalTo(true))
            .body("triggerId", matchesPattern("wh_[0-9a-f]{16}"))
            .body("size()", equalTo(3))
            .extract()
            .jsonPath();

    String session = answer.getString("sessionId");
    ReceivedCommand spawn = gateway.await("spawn", owner.runner().value(), LIMIT);
    assertThat(spawn.userId()).isEqualTo(owner.user().value());
    assertThat(spawn.session()).isEqualTo(session);
    assertThat(spawn.body().optString("cwd")).isEqualTo("/src");
    assertThat(spawn.body().optString("prompt")).isEqualTo("ours");
    assertThat(spawn.body().optJSONObject("model").optString("id")).isEqualTo("m");

    ReceivedCommand delivered = gateway.await("delivertrigger", session, LIMIT);
    assertThat(delivered.body().optString("trigger")).contains("\"n\":1.0,");
    JSONObject trigger = delivered.trigger();
    assertThat(trigger.optString("type")).isEqualTo("webhook");
    assertThat(trigger.optString("sourceSessionId")).isEqualTo("external:custom");
    assertThat(trigger.optString("sourceSessionName")).isEqualTo("Webhook: Deploys");
    assertThat(trigger.optString("targetSessionId")).isEqualTo(session);
    assertThat(trigger.optString("deliverAs")).isEqualTo("steer");
    assertThat(trigger.optBoolean("expectsResponse", true)).isFalse();
    assertThat(trigger.optString("triggerId")).isEqualTo(answer.getString("triggerId"));
    assertThat(trigger.optString("ts")).isNotEmpty();
    assertThat(trigger.optJSONObject("payload").optString("type")).isEqualTo("deploy");
    assertThat(trigger.optJSONObject("payload").optString("prompt")).isEqualTo("ours");

    Map<String, Object> delivery = owner.deliveries(hook).getFirst();
    assertThat(delivery)
        .containsEntry("state", "delivered")
        .containsEntry("verifiedBy", "plain")
        .containsEntry("eventType", "deploy")
        .containsEntry("from", "127.0.0.1")
        .containsEntry("filtered", false)
        .containsEntry("sessionId", session)
        .containsEntry("triggerId", answer.getString("triggerId"))
        .containsEntry("status", 200)
        .containsEntry("lastError", null)
        .containsEntry("bodyKept", true);
    assertThat(String.valueOf(delivery.get("states")))
        .containsSubsequence("received", "started", "spawned", "delivered");
  }

  /** Each byte that is no UTF-8 becomes three, and all of it is JSON within JSON. */
  @Test
  void theLargestBodyArrivesWhole() {
    byte[] body = new byte[1_048_576];
    Arrays.fill(body, (byte) 0xFF);
    byte[] head = "{\"text\":\"".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(head, 0, body, 0, head.length);
    body[body.length - 2] = '"';
    body[body.length - 1] = '}';

    String session =
        TestOwner.fire(owner.hook(Map.of()), body)
            .then()
            .statusCode(200)
            .extract()
            .path("sessionId");

    JSONObject trigger = gateway.await("delivertrigger", session, LIMIT).trigger();
    assertThat(trigger.optJSONObject("payload").optString("text"))
        .isEqualTo("\uFFFD".repeat(body.length - head.length - 2));
  }

  @Test
  void aModelThatWasHiddenMeanwhileIsLeftOut() {
    Hook hook = owner.hook(Map.of("model", Map.of("provider", "p", "id", "m")));

    new ScriptedPreferences(auth).hide(owner.user(), "p/m");

    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              TestOwner.fire(hook, "{}").then().statusCode(200);
              ReceivedCommand last = gateway.all("spawn", owner.runner().value()).getLast();
              assertThat(last.body().isNull("model")).isTrue();
            });
  }

  @Test
  void whatTheFilterDoesNotWantStartsNothing() {
    Hook hook = owner.hook(Map.of("eventFilter", List.of("build", "webhook")));

    TestOwner.fire(hook, "{\"type\":\"deploy\"}")
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("filtered", equalTo(true))
        .body("size()", equalTo(2));
    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("state", "filtered")
        .containsEntry("filtered", true);
    TestOwner.fire(hook, "{}").then().statusCode(200).body("sessionId", notNullValue());
    assertThat(gateway.all("spawn", owner.runner().value())).hasSize(1);
  }

  @Test
  void aWebhookWithoutARunnerIsAnswered500() {
    expect(owner.hook(Map.of("runnerId", "-")), 500, "Webhook has no runner assigned");
  }

  @Test
  void aRunnerThatIsSomebodyElsesIsAnswered403() {
    Hook hook = owner.hook(Map.of());
    String text = "Runner not found or not owned by webhook owner";

    owner.runnerIsTaken();
    expect(hook, 403, text);
    owner.runnerIsHere();
    gateway.script(owner.runner().value(), Outcome.FORBIDDEN);
    expect(hook, 403, text);
    assertThat(owner.deliveries(hook)).allMatch(each -> "failed".equals(each.get("state")));
  }

  @Test
  void aRunnerThatNobodyHoldsIsAnswered503() {
    Hook hook = owner.hook(Map.of());
    owner.runnerIsGone();
    expect(hook, 503, "Runner is not connected to this server");
    owner.runnerIsHere();
    gateway.script(owner.runner().value(), Outcome.ABSENT);

    TestOwner.fire(hook, "{}")
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"))
        .body("error", equalTo("Runner is not connected to this server"));
  }

  @Test
  void aRunnerThatRefusesOrCannotBeAskedIsAnswered502() {
    Hook hook = owner.hook(Map.of());

    gateway.script(owner.runner().value(), Outcome.REFUSED);
    expect(hook, 502, "Runner rejected the spawn request");
    gateway.script(owner.runner().value(), Outcome.FAILED);
    expect(hook, 502, "Failed to send spawn request to runner");
  }

  @Test
  void aRunnerThatDoesNotAnswerIsTolerated() {
    Hook hook = owner.hook(Map.of());
    gateway.script(owner.runner().value(), Outcome.DELIVERED);

    TestOwner.fire(hook, "{}").then().statusCode(200);
  }

  @Test
  void aSessionThatDoesNotConnectIsAnswered504AndEnded() {
    Hook hook = owner.hook(Map.of());
    triggersEnd(Outcome.UNKNOWN);

    expect(hook, 504, "Session was spawned but did not connect in time");

    String session = gateway.await("spawn", owner.runner().value(), LIMIT).session();
    assertThat(gateway.await("endsession", session, LIMIT).body().optString("runner"))
        .isEqualTo(owner.runner().value());
  }

  /** Its runner is away for a moment: the session would wait for work for ever. */
  @Test
  void aSessionThatCannotBeEndedNowIsEndedLater() {
    Hook hook = owner.hook(Map.of());
    gateway.script(
        owner.runner().value(),
        spawn -> {
          gateway.script(
              spawn.session(),
              command ->
                  Optional.of(
                      gateway.all("endsession", spawn.session()).size() < 2
                          ? Outcome.UNKNOWN
                          : Outcome.DELIVERED));
          return Optional.of(Outcome.ACKNOWLEDGED);
        });

    expect(hook, 504, "Session was spawned but did not connect in time");

    String session = gateway.await("spawn", owner.runner().value(), LIMIT).session();
    await().atMost(LIMIT).until(() -> gateway.all("endsession", session).size() == 2);
  }

  @Test
  void aTriggerThatCannotBeDeliveredIsAnswered502Or503() {
    Hook hook = owner.hook(Map.of());

    triggersEnd(Outcome.REFUSED);
    expect(hook, 502, "Failed to deliver trigger to session");
    triggersEnd(Outcome.FAILED);
    expect(hook, 503, "Service temporarily unavailable");
    triggersEnd(Outcome.ABSENT);
    expect(
        hook, 503, "Session was spawned but is not yet connected — trigger could not be delivered");
  }

  private static void expect(Hook hook, int status, String text) {
    TestOwner.fire(hook, "{}").then().statusCode(status).body("error", equalTo(text));
  }
}
