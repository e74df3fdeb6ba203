package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.AgentNotice;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that is away: what is worth telling is told when it is back, and only that. */
@QuarkusTest
class OutageTest extends PushTest {
  /** The longest wait between two attempts. */
  private static final Duration SLOWEST = Duration.ofMinutes(5);

  @Inject TestingClock clock;

  private final String path = "browser-" + UUID.randomUUID();
  private final AtomicBoolean away = new AtomicBoolean(true);

  @BeforeEach
  void sendTheProviderAway() {
    subscribe(path, "*");
    provider.script(path, reply -> reply.send(away.get() ? 503 : 201, "", ""));
  }

  @AfterEach
  void resetTime() {
    clock.reset();
  }

  @Test
  void nothingIsLostInTenMinutes() {
    say(new AgentNotice.Finished(about(null), "done"));
    say(question("call_1", "yes", "no"));
    say(new AgentNotice.Failed(about(null), "broken"));
    awaitAttempts(3, 1);
    clock.advance(SLOWEST);
    awaitAttempts(3, 2);
    clock.advance(SLOWEST);
    awaitAttempts(3, 3);
    assertThat(outcomes().getList("outcomes.outcome")).containsOnly("pending");

    away.set(false);
    clock.advance(SLOWEST);
    assertThat(awaitOutcomes(3).getList("outcomes.outcome")).containsOnly("sent");
  }

  @Test
  void aQuestionThatNobodyCanAnswerAnyMoreIsNotTold() {
    say(new AgentNotice.Finished(about(null), "done"));
    say(question("call_1", "yes", "no"));
    awaitAttempts(2, 1);
    clock.advance(Duration.ofDays(1));
    awaitAttempts(2, 2);

    away.set(false);
    clock.advance(SLOWEST);
    JsonPath outcomes = awaitOutcomes(2);
    assertThat(outcomes.getString("outcomes.find { it.type == 'agent_needs_input' }.outcome"))
        .isEqualTo("expired");
    assertThat(outcomes.getString("outcomes.find { it.type == 'agent_finished' }.outcome"))
        .isEqualTo("sent");
  }

  @Test
  void aBrowserThatFailsForDaysIsForgotten() {
    say(new AgentNotice.Finished(about(null), "done"));
    awaitAttempts(1, 1);
    clock.advance(Duration.ofDays(3).plusMinutes(1));
    say(new AgentNotice.Failed(about(null), "broken"));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                caller()
                    .get("/api/push/subscriptions")
                    .jsonPath()
                    .getList("subscriptions")
                    .isEmpty());
  }

  private void awaitAttempts(int notifications, int attempts) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              var made = outcomes().getList("outcomes.attempts", Integer.class);
              return made.size() == notifications
                  && made.stream().allMatch(number -> number >= attempts);
            });
  }
}
