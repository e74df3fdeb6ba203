package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.stores.OwnStores;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached: people are told all the same, or as soon as it is back. */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "redis,postgres"),
    restrictToAnnotatedClass = true)
class StoresAwayTest extends PushTest {
  @Inject RedisDataSource redis;

  @Test
  void peopleAreToldAndCanAnswerWhenTheStoresAreBack() {
    subscribe("browser-" + session, "*");

    OwnStores.kill("redis");
    expectUnavailable(answer());
    // whose child it is cannot be looked up: it stays one
    say(new AgentNotice.Finished(about(new SessionId("parent")), null));
    assertThat(awaitOutcomes(1).getString("outcomes[0].outcome")).isEqualTo("suppressed");
    say(question("call_1", "yes", "no"));
    assertThat(awaitOutcomes(2).getString("outcomes[0].outcome")).isEqualTo("sent");

    OwnStores.startAgain("redis");
    try (ScriptedGateway commands = ScriptedGateway.start(kafka)) {
      await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> makeLive(redis, true));
      await().atMost(LIMIT).until(() -> answer().statusCode() == 200);
      assertThat(commands.all("injectinput", session.value())).hasSize(1);
      assertThat(outcomes().getList("outcomes")).hasSize(2);
    }

    OwnStores.kill("postgres");
    expectUnavailable(caller().get("/api/push/subscriptions"));
    expectUnavailable(caller().get("/api/push/outcomes"));
    say(new AgentNotice.PlanReady(about(null)));
    // what is left of the killed server may hold its memory for a moment
    await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> OwnStores.startAgain("postgres"));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(outcomes("sent")).isEqualTo(2));
  }

  private Response answer() {
    return caller()
        .body(Map.of("sessionId", session.value(), "text", "yes", "toolCallId", "call_1"))
        .post("/api/push/answer");
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
  }
}
