package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.gateway.TopicReader;
import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.testkit.stores.Store;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without Kafka nothing is delivered, nothing is lost and nobody is told otherwise. */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka"),
    restrictToAnnotatedClass = true)
class KafkaAwayTest extends TriggerServiceTest {
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{}}";
  private static final String OTHER = "{\"type\":\"ci:done\",\"payload\":{\"other\":1}}";

  @Test
  void aDeliveryIsAnswered503AndAChangeIsKept() {
    String trigger = "/api/sessions/" + session + "/trigger";
    asUser().body(HELLO).post(trigger).then().statusCode(200);
    TopicReader changes = new TopicReader(kafka, Topics.SUBSCRIPTIONS);

    OwnStores.kill("kafka");

    expectUnavailable(asUser().body(OTHER).post(trigger));
    asUser()
        .body("{\"triggerType\":\"ci:done\"}")
        .post("/api/sessions/" + session + "/trigger-subscriptions")
        .then()
        .statusCode(200);
    expectUnavailable(asUser().body(HELLO).post("/api/runners/" + runner + "/trigger-broadcast"));
    expectUnavailable(
        asUser()
            .body(
                "{\"type\":\"a:b\",\"payload\":{},\"fireId\":\"k\",\"target\":{\"sessionId\":\""
                    + session
                    + "\"}}")
            .post("/api/events"));
    asUser().get("/api/sessions/" + session + "/triggers").then().body("triggers", hasSize(1));

    Store kafkaIsBack = OwnStores.startAgain("kafka");
    try {
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> asUser().body(OTHER).post(trigger).statusCode() == 200);
      assertThat(gateway.all("delivertrigger", session.value()))
          .filteredOn(command -> command.body().optString("trigger").contains("other"))
          .extracting(ReceivedCommand::commandId)
          .hasSizeGreaterThan(0)
          .containsOnly(gateway.all("delivertrigger", session.value()).getLast().commandId());
      asUser().get("/api/sessions/" + session + "/triggers").then().body("triggers", hasSize(2));
      changes.said().await(said -> said.value().contains(session.value()), SOON);
      asUser()
          .body(HELLO)
          .post("/api/runners/" + runner + "/trigger-broadcast")
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
    } finally {
      changes.close();
      kafkaIsBack.close();
    }
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
  }
}
