package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.Onlookers;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** X30 to X32 of rest.md 7.4, and what the phone gets. */
@QuarkusTest
class NativePushTest extends PushTest {
  @Inject RedisDataSource redis;

  @Test
  void aDeviceKeepsItsTopic() {
    String topic = register();
    assertThat(topic).matches("pizzapi-[0-9a-f]{48}");
    assertThat(register()).isEqualTo(topic);
    caller().post("/api/push/unregister-native").then().body("removed", equalTo(true));
    caller().post("/api/push/unregister-native").then().body("removed", equalTo(false));
    assertThat(register()).isNotEqualTo(topic);
  }

  @Test
  void childNotificationsAreASettingOfARegistration() {
    caller()
        .body(Map.of("suppress", false))
        .put("/api/push/child-notifications-native")
        .then()
        .statusCode(404)
        .body("error", equalTo("No native push registration found"));
    register();
    caller()
        .body(Map.of())
        .put("/api/push/child-notifications-native")
        .then()
        .statusCode(400)
        .body("error", equalTo("Missing suppress (boolean)"));
    for (String nothing : List.of("no json", "null", "[]")) {
      caller()
          .body(nothing)
          .put("/api/push/child-notifications-native")
          .then()
          .statusCode(400)
          .body("error", equalTo("Invalid JSON body"));
    }
    caller()
        .body(Map.of("suppress", false))
        .put("/api/push/child-notifications-native")
        .then()
        .statusCode(200);
    caller()
        .post("/api/push/register-native")
        .then()
        .body("suppressChildNotifications", equalTo(false));
  }

  @Test
  void thePhoneIsToldUnlessSomebodySeesTheSession() {
    String topic = register();
    look(new Onlookers(true, false));
    say(new AgentNotice.PlanReady(about(null)));
    JSONObject message = ntfy.inbox().await(said -> topic.equals(said.getString("topic")), LIMIT);
    assertThat(message.getString("title")).isEqualTo("billing");
    assertThat(message.getString("message"))
        .isEqualTo("Agent in \"billing\" asks: Plan ready for review");
    assertThat(message.getInt("priority")).isEqualTo(4);
    assertThat(message.getJSONArray("tags").toList()).isEqualTo(List.of("pizza"));
    assertThat(message.getString("click")).endsWith("/session/" + session);
    awaitOutcomes(1);

    look(new Onlookers(true, true));
    say(new AgentNotice.PlanReady(about(null)));
    assertThat(awaitOutcomes(2).getString("outcomes[0].outcome")).isEqualTo("suppressed");
  }

  @Test
  void errorsAreNotForPhones() {
    register();
    say(new AgentNotice.Failed(about(null), "no"));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("suppressed");
  }

  @Test
  void aLinkedChildIsToldOfOnlyWhereThatIsWanted() {
    register();
    SessionId parent = new SessionId("parent-" + UUID.randomUUID());
    redis.set(String.class).sadd(LiveKeys.children(parent), session.value());
    say(new AgentNotice.Finished(about(parent), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("suppressed");

    caller()
        .body(Map.of("suppress", false))
        .put("/api/push/child-notifications-native")
        .then()
        .statusCode(200);
    say(new AgentNotice.Finished(about(parent), null));
    assertThat(awaitOutcomes(2).getString("outcomes[0].outcome")).isEqualTo("sent");
  }

  @Test
  void aServerThatIsBusyIsTriedAgain() {
    String topic = register();
    ntfy.refuse(topic, 503);
    say(new AgentNotice.Finished(about(null), "Größe: 5 €"));
    await()
        .atMost(LIMIT)
        .until(() -> "503".equals(outcomes().getString("outcomes[0].providerStatus")));
    ntfy.refuse(topic, 200);
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("sent");
    assertThat(outcomes.getString("outcomes[0].channel")).isEqualTo("ntfy");
    assertThat(outcomes.getInt("outcomes[0].attempts")).isGreaterThan(1);
    assertThat(
            ntfy.inbox()
                .await(said -> topic.equals(said.getString("topic")), LIMIT)
                .getString("message"))
        .isEqualTo("Größe: 5 €");
  }

  @Test
  void aTokenThatIsRefusedKeepsTheTopic() {
    String topic = register();
    ntfy.refuse(topic, 401);
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("rejected");
    assertThat(register()).isEqualTo(topic);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void aTopicThatIsUnknownToTheServerIsForgotten(int status) {
    String topic = register();
    ntfy.refuse(topic, status);
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("rejected");
    await().atMost(LIMIT).until(() -> !register().equals(topic));
  }

  private String register() {
    return caller()
        .post("/api/push/register-native")
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("ntfyPublicUrl", equalTo(PushTestResource.PUBLIC_NTFY))
        .body("ntfyUser", nullValue())
        .body("ntfyPass", nullValue())
        .extract()
        .path("topic");
  }

  private void look(Onlookers presence) {
    redis
        .hash(String.class)
        .hset(
            LiveKeys.onlookers(session),
            "some-replica",
            presence.toText(System.currentTimeMillis() + 60_000));
  }
}
