package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which events a subscription wants (rest.md 6.4, and rows 29 and 30 of section 9). */
@QuarkusTest
class EventFilterTest extends PushTest {
  @Inject RedisDataSource redis;

  private final String path = "browser-" + UUID.randomUUID();

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

  @ParameterizedTest
  @CsvSource({
    "question, agent_needs_input",
    "error, agent_error",
    "completion, agent_finished",
    "agent_needs_input, agent_needs_input"
  })
  void theNamesOfTheReferenceMeanTheEventsOfTheClients(String wanted, String sent) {
    subscribe(path, "*");
    setEvents(wanted);
    say(new AgentNotice.PlanReady(about(null)));
    say(new AgentNotice.Finished(about(null), null));
    say(new AgentNotice.Failed(about(null), null));
    JsonPath outcomes = awaitOutcomes(3);
    assertThat(outcomes.getList("outcomes.findAll { it.outcome == 'sent' }.type"))
        .containsExactly(sent);
  }

  @Test
  void namesThatNobodyKnowsAreKeptAndMatchNothing() {
    subscribe(path, "session_started,agent_finished2");
    setEvents(" ,everything,*!");
    caller()
        .get("/api/push/subscriptions")
        .then()
        .body("subscriptions[0].enabledEvents", equalTo(" ,everything,*!"));
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("suppressed");
    assertThat(outcomes.getString("outcomes[0].reason"))
        .isEqualTo("the subscription does not want this event");
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
  void aChildWhoseLinkWasLostIsOneForAsLongAsItsParentLives() {
    subscribe(path, "*");
    SessionId parent = new SessionId("parent-" + UUID.randomUUID());
    redis
        .hash(String.class)
        .hset(LiveKeys.session(parent), SessionField.USER_ID.key(), user.value());
    say(new AgentNotice.Finished(about(parent), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("suppressed");
    assertThat(outcomes.getString("outcomes[0].reason"))
        .isEqualTo("a linked child's parent is told instead");

    redis.value(String.class).set(LiveKeys.delinkMarker(session), parent.value());
    say(new AgentNotice.Finished(about(parent), null));
    assertThat(awaitOutcomes(2).getString("outcomes[0].outcome")).isEqualTo("sent");
  }

  @Test
  void aLinkedChildStaysSilentWhateverTheSubscriptionSays() {
    subscribe(path, "*");
    caller()
        .body(Map.of("endpoint", provider.endpoint(path), "suppress", false))
        .put("/api/push/child-notifications")
        .then()
        .statusCode(200);
    SessionId parent = new SessionId("parent-" + UUID.randomUUID());
    redis.set(String.class).sadd(LiveKeys.children(parent), session.value());
    say(new AgentNotice.Finished(about(parent), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("suppressed");
  }

  private void setEvents(String events) {
    caller()
        .body(Map.of("endpoint", provider.endpoint(path), "enabledEvents", events))
        .put("/api/push/events")
        .then()
        .statusCode(200);
  }
}
