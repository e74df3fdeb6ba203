package dev.agentrelay.trigger;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.platform.json.RelayJson;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What outlives sessions, runners and Redis (rest.md 5.5 and 8.3). */
@QuarkusTest
class DurabilityTest extends TriggerServiceTest {
  private static final ObjectMapper JSON = RelayJson.mapper();

  @Inject InternalSecret secret;

  @Test
  void schedulesOutliveTheirSessionAndAllElseEndsWithIt() throws Exception {
    String timer =
        subscribed("{\"triggerType\":\"time:timer_fired\",\"params\":{\"duration\":\"1m\"}}");
    subscribed("{\"triggerType\":\"ci:done\"}");
    send(started());
    send(new SessionEvent.Ended(session, 1, now(), "over"));
    forgetLive(session);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                asUser()
                    .get(path())
                    .then()
                    .statusCode(200)
                    .body("subscriptions", hasSize(1))
                    .body("subscriptions[0].subscriptionId", equalTo(timer)));
    asUser()
        .get("/api/runners/" + runner + "/schedules")
        .then()
        .statusCode(200)
        .body("schedules", hasSize(1))
        .body("schedules[0].sessionLive", equalTo(false))
        .body("schedules[0].cwd", equalTo("/home/dev/project/code"));
    asUser()
        .delete(path() + "/time:timer_fired")
        .then()
        .statusCode(200)
        .body("removed", equalTo(1));
  }

  @Test
  void aScheduleOfAForgottenSessionIsManagedByTheOwnerOfItsRunner() {
    subscribed("{\"triggerType\":\"time:cron\",\"params\":{\"cron\":\"*/5 * * * *\"}}");
    forgetLive(session);

    asUser().get(path()).then().statusCode(200).body("subscriptions", hasSize(1));
    as(newUser()).get(path()).then().statusCode(404);
    forgetLive(runner);
    asUser().get(path()).then().statusCode(404);
  }

  @Test
  void theSnapshotComesFromPostgresAlone() {
    String timer =
        subscribed("{\"triggerType\":\"time:timer_fired\",\"params\":{\"duration\":\"1m\"}}");
    subscribed("{\"triggerType\":\"ci:done\"}");
    String listener =
        asUser()
            .body("{\"triggerType\":\"time:cron\",\"params\":{\"cron\":\"* * * * *\"}}")
            .post("/api/runners/" + runner + "/trigger-listeners")
            .then()
            .statusCode(200)
            .extract()
            .path("listenerId");
    forgetLive(session);
    forgetLive(runner);

    as(user)
        .header(InternalSecret.HEADER, secret.value())
        .get("/internal/runners/" + runner + "/trigger-subscriptions?userId=" + user)
        .then()
        .statusCode(200)
        .body("subscriptions", hasSize(3))
        .body("subscriptions[0].subscriptionId", equalTo(timer))
        .body("subscriptions[0].params.duration", equalTo("1m"))
        .body("subscriptions[2].subscriptionId", equalTo(listener))
        .body("subscriptions[2].sessionId", equalTo("runner-listener:" + listener))
        .body("subscriptions[2].params.cron", equalTo("* * * * *"));
    as(user)
        .header(InternalSecret.HEADER, secret.value())
        .get("/internal/runners/" + runner + "/trigger-subscriptions?userId=" + newUser())
        .then()
        .body("subscriptions", hasSize(0));
    asUser()
        .get("/internal/runners/" + runner + "/trigger-subscriptions?userId=" + user)
        .then()
        .statusCode(403);
  }

  private String path() {
    return "/api/sessions/" + session + "/trigger-subscriptions";
  }

  private String subscribed(String body) {
    return asUser().body(body).post(path()).then().statusCode(200).extract().path("subscriptionId");
  }

  private SessionEvent.Started started() {
    return new SessionEvent.Started(
        session,
        1,
        now(),
        user,
        "Ada",
        "/home/dev/project/code",
        "http://localhost/s",
        now(),
        true,
        null,
        "a name",
        runner,
        "box",
        null);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private void send(SessionEvent event) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.SESSIONS, event.sessionId().value(), JSON.writeValueAsString(event)))
          .get();
    }
  }
}
