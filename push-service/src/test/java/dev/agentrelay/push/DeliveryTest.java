package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.testkit.push.BrowserKeys;
import dev.agentrelay.testkit.push.ScriptedPushProvider.Posted;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** From what a gateway says to what a browser sees (rest.md 6.4). */
@QuarkusTest
class DeliveryTest extends PushTest {
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
        .containsKey("topic");
    // what is left of a day since the question
    assertThat(Long.parseLong(String.valueOf(posted.headers().get("ttl"))))
        .isBetween(86_000L, 86_400L);
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
  void whoHasNoBrowserIsToldSoOnAsking() {
    say(new AgentNotice.Finished(about(null), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("no_subscriptions");
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

  private static JSONObject claims(String authorization) {
    String token = authorization.substring("vapid t=".length(), authorization.indexOf(','));
    return new JSONObject(
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
  }
}
