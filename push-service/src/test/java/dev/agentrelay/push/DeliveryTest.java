package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.push.BrowserKeys;
import dev.agentrelay.testkit.push.ScriptedPushProvider.Posted;
import dev.agentrelay.testkit.push.VapidHeader;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
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
    VapidHeader header = awaitPosted(0, path).vapid();
    String key = caller().get("/api/push/vapid-public-key").jsonPath().getString("publicKey");
    assertThat(header.key()).isEqualTo(key);
    assertThat(header.signed()).isTrue();
    assertThat(header.claims().getString("aud"))
        .isEqualTo(provider.endpoint("").replaceAll("/$", ""));
    assertThat(header.claims().getString("sub")).isEqualTo("mailto:admin@pizzapi.local");
    assertThat(header.claims().getLong("exp") - System.currentTimeMillis() / 1000)
        .isBetween(3_600L, 12 * 3_600L);
  }

  @Test
  void whatIsNoNoticeIsPassedOver() {
    subscribe(path, "*");
    sayText("{}");
    sayText("no json");
    sayText("{\"type\":\"a kind of tomorrow\",\"about\":{}}");
    say(new AgentNotice.PlanReady(about(null)));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("sent");
  }

  @Test
  void aNoticeOlderThanItIsWorthIsNotTold() {
    subscribe(path, "*");
    Instant yesterday = Instant.now().minus(Duration.ofHours(25));
    String id = UUID.randomUUID().toString();
    AgentNotice.About about =
        new AgentNotice.About(id, session, user, yesterday, "billing", true, null);
    say(new AgentNotice.PlanReady(about));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("expired");
    assertThat(provider.inbox().all()).noneMatch(posted -> posted.path().equals("/" + path));
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

    JsonPath foreign = as(new UserId("stranger")).get("/api/push/outcomes").jsonPath();
    assertThat(foreign.getList("outcomes")).isEmpty();
  }
}
