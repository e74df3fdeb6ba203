package dev.agentrelay.trigger;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.testkit.stores.Store;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached is worth a retry, and is never taken for a session's end. */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "redis,postgres"),
    restrictToAnnotatedClass = true)
class StoresAwayTest extends TriggerServiceTest {
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{}}";

  @Inject InternalSecret secret;

  @Test
  void nothingIsSaidToBeGone() {
    asUser().body(HELLO).post(session("/trigger")).then().statusCode(200);

    OwnStores.kill("redis");
    expectUnavailable(asUser().body(HELLO).post(session("/trigger")));
    expectUnavailable(asUser().body(HELLO).post(runner("/trigger-broadcast")));
    expectUnavailable(asUser().get(runner("/trigger-listeners")));
    expectUnavailable(asUser().get(session("/trigger-subscriptions")));

    Store redisIsBack = OwnStores.startAgain("redis");
    try {
      await().atMost(SOON).ignoreExceptions().untilAsserted(this::aUserWithARunnerAndASession);
      asUser().body(HELLO).post(session("/trigger")).then().statusCode(200);
      OwnStores.kill("postgres");
      expectUnavailable(asUser().body(HELLO).post(session("/trigger")));
      expectUnavailable(asUser().body(HELLO).post(runner("/trigger-broadcast")));
      expectUnavailable(asUser().get(session("/trigger-subscriptions")));
      expectUnavailable(
          asUser().body("{\"triggerType\":\"ci:done\"}").post(session("/trigger-subscriptions")),
          "Failed to store trigger subscription");
      expectUnavailable(
          asUser().body("{\"triggerType\":\"ci:done\"}").post(runner("/trigger-listeners")),
          "Failed to create trigger listener");
      expectUnavailable(asUser().get(session("/triggers")));
      expectUnavailable(
          asUser()
              .header(InternalSecret.HEADER, secret.value())
              .get("/internal" + runner("/trigger-subscriptions?userId=" + user).substring(4)));
    } finally {
      redisIsBack.close();
    }
  }

  private String session(String path) {
    return "/api/sessions/" + session + path;
  }

  private String runner(String path) {
    return "/api/runners/" + runner + path;
  }

  private static void expectUnavailable(Response answer, String error) {
    expectUnavailable(answer);
    answer.then().body("error", equalTo(error));
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
  }
}
