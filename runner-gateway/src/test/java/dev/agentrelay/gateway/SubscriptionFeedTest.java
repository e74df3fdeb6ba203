package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.SubscriptionChanged;
import dev.agentrelay.contracts.SubscriptionChanged.Action;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Daemons are told of their trigger subscriptions (sockets.md 4.17). */
@QuarkusTest
class SubscriptionFeedTest extends FamilyTest {
  private static final String ENTRY =
      "{\"subscriptionId\":\"s1\",\"sessionId\":\"a\",\"triggerType\":\"time:cron\","
          + "\"runnerId\":\"r\",\"params\":{\"n\":1.50}}";

  @Inject ObjectMapper json;

  @ConfigProperty(name = "relay.trigger-service.url")
  String triggerService;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private final String runnerId = "runner-" + UUID.randomUUID();

  private void stored(String answer) {
    given()
        .baseUri(triggerService)
        .body(answer)
        .put("/internal/runners/" + runnerId + "/trigger-subscriptions")
        .then()
        .statusCode(200);
  }

  private RelaySocket registered() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit("register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s"));
    runner.await("runner_registered");
    return runner;
  }

  private void changed(String owner, Action action, String session, String subscription)
      throws Exception {
    SubscriptionChanged event =
        new SubscriptionChanged(
            new RunnerId(runnerId),
            new UserId(owner),
            action,
            "time:cron",
            new SessionId(session),
            new JsonText(subscription),
            Instant.now());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
      producer
          .send(
              new ProducerRecord<>(Topics.SUBSCRIPTIONS, runnerId, json.writeValueAsString(event)))
          .get();
    }
  }

  @Test
  void eachRegistrationBringsAllThatIsStored() {
    stored("{\"subscriptions\":[" + ENTRY + "]}");
    JSONObject snapshot = registered().await("trigger_subscriptions_snapshot").payload();
    assertThat(snapshot.getBoolean("isReconnect")).isTrue();
    assertThat(snapshot.getJSONArray("subscriptions").getJSONObject(0).similar(Json.parse(ENTRY)))
        .isTrue();
  }

  @Test
  void whileNothingIsKnownNothingIsSaid() {
    stored("");
    RelaySocket runner = registered();
    stored("{\"subscriptions\":[" + ENTRY + "]}");
    JSONObject snapshot = runner.await("trigger_subscriptions_snapshot").payload();
    assertThat(snapshot.getJSONArray("subscriptions").length()).isEqualTo(1);
  }

  @Test
  void changesReachTheViewersAndTheDaemonInOrder() throws Exception {
    RelaySocket runner = registered();
    long revision = runner.await("trigger_subscriptions_snapshot").payload().getLong("revision");
    Member worker = member();
    ScriptedViewer viewer = viewerOf(worker);
    changed("stranger", Action.SUBSCRIBE, worker.id(), "{\"subscriptionId\":\"foreign\"}");
    changed(user, Action.SUBSCRIBE, worker.id(), ENTRY);
    changed(user, Action.UNSUBSCRIBE, worker.id(), "{\"subscriptionId\":\"s1\"}");
    JSONObject told =
        viewer.inbox().await(event -> event.is("trigger_subscriptions_changed"), LIMIT).payload();
    assertThat(told.similar(Json.object("triggerType", "time:cron", "action", "subscribe")))
        .isTrue();
    JSONObject first = runner.await("trigger_subscription_delta").payload();
    assertThat(first.getString("action")).isEqualTo("subscribe");
    assertThat(first.getLong("revision")).isGreaterThan(revision);
    assertThat(first.getJSONObject("subscription").similar(Json.parse(ENTRY))).isTrue();
    JSONObject second =
        runner
            .inbox()
            .await(
                event ->
                    event.is("trigger_subscription_delta")
                        && "unsubscribe".equals(event.text("action")),
                LIMIT)
            .payload();
    assertThat(second.getLong("revision")).isGreaterThan(first.getLong("revision"));
  }
}
