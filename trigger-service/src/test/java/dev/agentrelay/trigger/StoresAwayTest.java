package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.gateway.TopicReader;
import dev.agentrelay.testkit.stores.OwnStores;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A store that cannot be reached is worth a retry, and is never taken for a session's end. */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka,redis,postgres"),
    restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoresAwayTest extends TriggerServiceTest {
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{}}";
  private static final String OTHER = "{\"type\":\"ci:done\",\"payload\":{\"other\":1}}";

  @Inject InternalSecret secret;
  @Inject DataSource database;

  @Test
  @Order(1)
  void aDeliveryIsAnswered503AndAChangeIsKept() {
    String trigger = session("/trigger");
    asUser().body(HELLO).post(trigger).then().statusCode(200);
    try (TopicReader changes = new TopicReader(kafka, Topics.SUBSCRIPTIONS)) {
      OwnStores.kill("kafka");

      expectUnavailable(asUser().body(OTHER).post(trigger));
      asUser()
          .body("{\"triggerType\":\"ci:done\"}")
          .post(session("/trigger-subscriptions"))
          .then()
          .statusCode(200);
      expectUnavailable(asUser().body(HELLO).post(runner("/trigger-broadcast")));
      expectUnavailable(
          asUser()
              .body(
                  "{\"type\":\"a:b\",\"payload\":{},\"fireId\":\"k\",\"target\":{\"sessionId\":\""
                      + session
                      + "\"}}")
              .post("/api/events"));
      asUser().get(session("/triggers")).then().body("triggers", hasSize(1));

      OwnStores.startAgain("kafka");
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> asUser().body(OTHER).post(trigger).statusCode() == 200);
      assertThat(gateway.all("delivertrigger", session.value()))
          .filteredOn(command -> command.body().optString("trigger").contains("other"))
          .extracting(ReceivedCommand::commandId)
          .hasSizeGreaterThan(0)
          .containsOnly(gateway.all("delivertrigger", session.value()).getLast().commandId());
      asUser().get(session("/triggers")).then().body("triggers", hasSize(2));
      changes.said().await(said -> said.value().contains(session.value()), SOON);
      asUser()
          .body(HELLO)
          .post(runner("/trigger-broadcast"))
          .then()
          .statusCode(200)
          .body("delivered", equalTo(1));
      assertThat(gateway.all("delivertrigger", session.value()))
          .extracting(command -> command.trigger())
          .filteredOn(told -> told.optString("sourceSessionId").equals("external:service"))
          .extracting(told -> told.optString("triggerId"))
          .as("the broadcast that was answered 503 is not told under a second id")
          .hasSameElementsAs(
              List.of(
                  gateway
                      .all("delivertrigger", session.value())
                      .getLast()
                      .trigger()
                      .optString("triggerId")));
    }
  }

  @Test
  @Order(2)
  void nothingIsSaidToBeGone() {
    asUser().body(HELLO).post(session("/trigger")).then().statusCode(200);

    OwnStores.kill("redis");
    expectUnavailable(asUser().body(HELLO).post(session("/trigger")));
    expectUnavailable(asUser().body(HELLO).post(runner("/trigger-broadcast")));
    expectUnavailable(asUser().get(runner("/trigger-listeners")));
    expectUnavailable(asUser().get(session("/trigger-subscriptions")));

    OwnStores.startAgain("redis");
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
  }

  @Test
  @Order(3)
  void aHistoryThatCouldNotBeWrittenSaysLaterThatItsTriggerWasDelivered() {
    OwnStores.startAgain("postgres");
    await()
        .atMost(SOON)
        .until(() -> asUser().body(HELLO).post(session("/trigger")).statusCode() == 200);
    gateway.script(
        session.value(),
        command -> {
          await().atMost(SOON).ignoreExceptions().until(this::isWrittenToDisk);
          OwnStores.kill("postgres");
          return Optional.of(Outcome.DELIVERED);
        });
    asUser().body(OTHER).post(session("/trigger")).then().statusCode(200);

    OwnStores.startAgain("postgres");
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                asUser()
                    .get(session("/triggers"))
                    .then()
                    .body("triggers", hasSize(2))
                    .body("triggers.delivery.state", everyItem(equalTo("delivered"))));
  }

  /** Also what nobody has waited for. */
  private boolean isWrittenToDisk() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      return !statement.execute("checkpoint");
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
