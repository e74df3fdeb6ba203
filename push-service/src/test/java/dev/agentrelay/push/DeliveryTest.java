package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.Onlookers;
import dev.agentrelay.testkit.push.BrowserKeys;
import dev.agentrelay.testkit.push.ScriptedPushProvider.Posted;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** From what a gateway says to what a browser sees (rest.md 6.4). */
@QuarkusTest
class DeliveryTest extends PushTest {
  @Inject RedisDataSource redis;

  private final String path = "browser-" + UUID.randomUUID();

  @Test
  void aQuestionReachesTheBrowserWithItsChoices() {
    BrowserKeys browser = subscribe(path, "*");
    say(question("call_9", "Drop", "Type your own…", "Keep"));
    Posted posted = awaitPosted(0, path);
    assertThat(new JSONObject(posted.decrypt(browser)).toMap())
        .isEqualTo(
            new JSONObject(
                    """
                    {"type":"agent_needs_input","title":"Input needed",
                     "body":"Agent in \\"billing\\" asks: Drop the old table?",
                     "sessionId":"%s","sessionName":"billing",
                     "data":{"options":["Drop","Type your own…","Keep"],"toolCallId":"call_9"},
                     "actions":[{"action":"option-0","title":"Drop","type":"button"},
                      {"action":"option-1","title":"Keep","type":"button"},
                      {"action":"reply","title":"✏️ Reply","type":"text",
                       "placeholder":"Type your answer…"}]}
                    """
                        .formatted(session))
                .toMap());
    assertThat(posted.headers())
        .containsEntry("content-encoding", "aes128gcm")
        .containsEntry("urgency", "high")
        .containsEntry("ttl", "86400")
        .containsKey("topic");
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("sent");
  }

  @Test
  void theProviderCanTellWhoSends() {
    subscribe(path, "*");
    say(new AgentNotice.Finished(about(null), "Done."));
    String authorization = String.valueOf(awaitPosted(0, path).headers().get("authorization"));
    assertThat(authorization).matches("vapid t=[^,]+, ?k=.+");
    String key = caller().get("/api/push/vapid-public-key").jsonPath().getString("publicKey");
    assertThat(authorization).endsWith("k=" + key);
    JSONObject claims = claims(authorization);
    assertThat(claims.getString("aud")).isEqualTo(provider.endpoint("").replaceAll("/$", ""));
    assertThat(claims.getString("sub")).isEqualTo("mailto:admin@pizzapi.local");
    assertThat(claims.getLong("exp") - System.currentTimeMillis() / 1000)
        .isBetween(3_600L, 12 * 3_600L);
  }

  @Test
  void aNoticeThatComesTwiceIsToldOnce() {
    subscribe(path, "*");
    AgentNotice notice = new AgentNotice.Failed(about(null), "out of tokens");
    say(notice);
    say(notice);
    say(new AgentNotice.PlanReady(about(null)));
    JsonPath outcomes = awaitOutcomes(2);
    assertThat(outcomes.getList("outcomes.type"))
        .containsExactlyInAnyOrder("agent_error", "agent_needs_input");
  }

  @Test
  void aFilterKeepsAwayWhatItDoesNotName() {
    subscribe(path, "completion, agent_error");
    say(new AgentNotice.PlanReady(about(null)));
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(2);
    assertThat(outcomes.getString("outcomes.find { it.type == 'agent_needs_input' }.outcome"))
        .isEqualTo("suppressed");
    assertThat(outcomes.getString("outcomes.find { it.type == 'agent_finished' }.outcome"))
        .isEqualTo("sent");
  }

  @Test
  void somebodyWhoWatchesIsNotTold() {
    subscribe(path, "*");
    look(new Onlookers(true, false), 60_000);
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("suppressed");
    assertThat(outcomes.getString("outcomes[0].reason")).isEqualTo("somebody watches the session");
  }

  @Test
  void whoHasNotBeenHeardOfIsNotWatching() {
    subscribe(path, "*");
    look(new Onlookers(true, true), -1);
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("sent");
  }

  @Test
  void aLinkedChildTellsItsParentOnly() {
    subscribe(path, "*");
    SessionId parent = new SessionId("parent-" + UUID.randomUUID());
    redis.set(String.class).sadd(LiveKeys.children(parent), session.value());
    say(new AgentNotice.Finished(about(parent), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("suppressed");
    redis.set(String.class).srem(LiveKeys.children(parent), session.value());
    say(new AgentNotice.Finished(about(parent), null));
    assertThat(awaitOutcomes(2).getString("outcomes[0].outcome")).isEqualTo("sent");
  }

  @Test
  void whoHasNoBrowserIsToldSoOnAsking() {
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("no_subscriptions");
  }

  @Test
  void aBrowserThatIsGoneIsForgotten() {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(410, "", ""));
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("rejected");
    assertThat(outcomes.getInt("outcomes[0].providerStatus")).isEqualTo(410);
    assertThat(subscriptions()).isZero();
  }

  @Test
  void aRefusalIsFinalAndKeepsTheBrowser() {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(403, "", ""));
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("rejected");
    assertThat(subscriptions()).isEqualTo(1);
  }

  @Test
  void aRedirectIsNotFollowed() {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(302, "Location", provider.endpoint("elsewhere")));
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getInt("outcomes[0].providerStatus")).isEqualTo(302);
    assertThat(provider.inbox().all()).noneMatch(posted -> posted.path().equals("/elsewhere"));
  }

  @Test
  void aBusyProviderIsAskedAgainWhenItWants() {
    subscribe(path, "*");
    AtomicInteger calls = new AtomicInteger();
    provider.script(
        path,
        reply -> {
          if (calls.getAndIncrement() == 0) {
            reply.send(429, "Retry-After", "1");
          } else {
            reply.send(201, "", "");
          }
        });
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("sent");
    assertThat(outcomes.getInt("outcomes[0].attempts")).isEqualTo(2);
  }

  @Test
  void aProviderThatHangsOrFloodsDelaysNobody() {
    subscribe(path + "-hangs", "*");
    subscribe(path + "-floods", "*");
    BrowserKeys browser = subscribe(path, "*");
    provider.script(path + "-hangs", reply -> reply.hang());
    provider.script(path + "-floods", reply -> reply.flood());
    say(new AgentNotice.Finished(about(null), "All green."));
    assertThat(new JSONObject(awaitPosted(0, path).decrypt(browser)).getString("body"))
        .isEqualTo("All green.");
    await()
        .atMost(LIMIT)
        .until(
            () ->
                outcomes().getList("outcomes.outcome").stream().filter("sent"::equals).count()
                    == 2);
    assertThat(outcomes().getList("outcomes.outcome")).contains("pending");
  }

  @Test
  void keysThatNobodyCanReadEndTheSubscription() {
    caller()
        .body(
            Map.of(
                "endpoint",
                provider.endpoint(path),
                "keys",
                Map.of("p256dh", "BAAA", "auth", "short")))
        .post("/api/push/subscribe")
        .then()
        .statusCode(200);
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("failed");
    assertThat(outcomes.getString("outcomes[0].reason"))
        .isEqualTo("the subscription's keys cannot be read");
    assertThat(subscriptions()).isZero();
  }

  @Test
  void outcomesComePageByPage() {
    for (int number = 0; number < 3; number++) {
      say(new AgentNotice.Finished(about(null), null));
    }
    awaitOutcomes(3);
    JsonPath first = caller().get("/api/push/outcomes?limit=2").jsonPath();
    assertThat(first.getList("outcomes")).hasSize(2);
    JsonPath second =
        caller()
            .queryParam("cursor", first.getString("nextCursor"))
            .queryParam("limit", 2)
            .get("/api/push/outcomes")
            .jsonPath();
    assertThat(second.getList("outcomes")).hasSize(1);
    assertThat(second.getString("nextCursor")).isNull();
    assertThat(first.getList("outcomes.id"))
        .doesNotContainAnyElementsOf(second.getList("outcomes.id"));
  }

  private int subscriptions() {
    return caller().get("/api/push/subscriptions").jsonPath().getList("subscriptions").size();
  }

  private void look(Onlookers presence, long forMillis) {
    redis
        .hash(String.class)
        .hset(
            LiveKeys.onlookers(session),
            "some-replica",
            presence.toText(System.currentTimeMillis() + forMillis));
  }

  private static JSONObject claims(String authorization) {
    String token = authorization.substring("vapid t=".length(), authorization.indexOf(','));
    return new JSONObject(
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
  }
}
