package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** W6 of rest.md 6.2 with a runner that is there: what is started, and every status after that. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class FireTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String BODY = "{\"type\":\"deploy\",\"n\":1.0,\"prompt\":\"theirs\"}";

  @Inject Redis redis;
  @Inject EntityManager database;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private TestOwner owner;
  private ScriptedGateway gateway;

  @BeforeEach
  void start() {
    gateway = ScriptedGateway.start(kafka);
    owner = new TestOwner(redis).runnerIsHere();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

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
    assertThat(spawn.body().optJSONArray("hiddenModels").optString(0))
        .isEqualTo(TestingIdentities.HIDDEN_MODEL);

    JSONObject trigger = gateway.await("delivertrigger", session, LIMIT).trigger();
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

  @Test
  void aModelThatWasHiddenMeanwhileIsLeftOut() {
    Hook hook = owner.hook(Map.of());
    // It cannot be chosen any more, so it comes into the table another way.
    choose(hook, TestingIdentities.HIDDEN_MODEL);

    TestOwner.fire(hook, "{}").then().statusCode(200);

    assertThat(gateway.await("spawn", owner.runner().value(), LIMIT).body().isNull("model"))
        .isTrue();
  }

  private void choose(Hook hook, String model) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                database
                    .createNativeQuery(
                        "update webhook.webhooks set model_provider = split_part(:model, '/', 1),"
                            + " model_id = split_part(:model, '/', 2) where id = :id")
                    .setParameter("model", model)
                    .setParameter("id", hook.id())
                    .executeUpdate());
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

  @Test
  void aTriggerThatCannotBeDeliveredIsAnswered502Or503() {
    Hook hook = owner.hook(Map.of());

    triggersEnd(Outcome.FAILED);
    expect(hook, 502, "Failed to deliver trigger to session");
    triggersEnd(Outcome.ABSENT);
    expect(
        hook, 503, "Session was spawned but is not yet connected — trigger could not be delivered");
  }

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

  @Test
  void aDeliveryCanBeFiredAgain() {
    Hook hook = owner.hook(Map.of());
    TestOwner.fire(hook, BODY).then().statusCode(200);
    Map<String, Object> first = owner.deliveries(hook).getFirst();
    String path = "/api/webhooks/" + hook.id() + "/deliveries/";

    String session =
        owner
            .calls()
            .post(path + first.get("id") + "/replay")
            .then()
            .statusCode(200)
            .extract()
            .path("sessionId");

    JSONObject payload =
        gateway.await("delivertrigger", session, LIMIT).trigger().optJSONObject("payload");
    assertThat(payload.optString("prompt")).isEqualTo("theirs");
    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("replayOf", first.get("id"))
        .containsEntry("verifiedBy", "replay");
    owner
        .calls()
        .post(path + "whd_none/replay")
        .then()
        .statusCode(404)
        .body("error", equalTo("Delivery not found"));
  }

  @Test
  void aSampleGoesTheWholeWay() {
    Hook hook = owner.hook(Map.of("eventFilter", List.of("build")));

    owner.calls().post("/api/webhooks/" + hook.id() + "/test").then().statusCode(200);

    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("verifiedBy", "stamped")
        .containsEntry("eventType", "build")
        .containsEntry("state", "delivered");
  }

  @Test
  void theLedgerIsReadPageByPage() {
    Hook hook = owner.hook(Map.of("eventFilter", List.of("none")));
    for (int i = 0; i < 5; i++) {
      TestOwner.fire(hook, "{\"type\":\"t" + i + "\"}").then().statusCode(200);
    }

    JsonPath page = page(hook, "?limit=2");
    assertThat(page.getList("deliveries.eventType")).isEqualTo(List.of("t4", "t3"));
    page = page(hook, "?limit=2&cursor=" + page.getString("nextCursor"));
    assertThat(page.getList("deliveries.eventType")).isEqualTo(List.of("t2", "t1"));
    page = page(hook, "?limit=2&cursor=" + page.getString("nextCursor"));
    assertThat(page.getList("deliveries.eventType")).isEqualTo(List.of("t0"));
    assertThat(page.<Object>get("nextCursor")).isNull();
    assertThat(page(hook, "?limit=x&cursor=-").getList("deliveries")).hasSize(5);
  }

  /** Scripts what becomes of the trigger of each session that is spawned from now on. */
  private void triggersEnd(Outcome outcome) {
    gateway.script(
        owner.runner().value(),
        spawn -> {
          gateway.script(spawn.session(), outcome);
          return Optional.of(Outcome.ACKNOWLEDGED);
        });
  }

  private JsonPath page(Hook hook, String query) {
    return owner
        .calls()
        .get("/api/webhooks/" + hook.id() + "/deliveries" + query)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static JsonPath fireWithKey(Hook hook, String key) {
    return TestOwner.fire(hook, "{}", "Idempotency-Key", key)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static void expect(Hook hook, int status, String text) {
    TestOwner.fire(hook, "{}").then().statusCode(status).body("error", equalTo(text));
  }
}
