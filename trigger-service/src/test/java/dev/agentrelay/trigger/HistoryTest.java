package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.platform.json.RelayJson;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** T2 and T3 of rest.md 5.4. */
@QuarkusTest
class HistoryTest extends TriggerServiceTest {
  private static final ObjectMapper JSON = RelayJson.mapper();

  @Test
  void theHistoryIsCappedPagedAndCleared() {
    for (int i = 0; i < 205; i++) {
      fire("{\"type\":\"t\",\"payload\":{\"n\":" + i + "}}").statusCode(200);
    }
    history("?limit=1000")
        .body("triggers", hasSize(200))
        .body("triggers[0].payload.n", equalTo(204));
    for (String limit : List.of("", "?limit=x", "?limit=0", "?limit=-5")) {
      history(limit).body("triggers", hasSize(50));
    }
    history("?limit=2").body("triggers.payload.n", equalTo(List.of(204, 203)));

    asUser()
        .delete("/api/sessions/" + session + "/triggers")
        .then()
        .statusCode(200)
        .body("ok", equalTo(true));
    history("").body("triggers", hasSize(0));
    assertThat(gateway.await("tellviewers", session.value(), SOON).body().optString("payload"))
        .isEqualTo("{\"cleared\":true}");
    as(newUser())
        .delete("/api/sessions/" + session + "/triggers")
        .then()
        .statusCode(404)
        .body("error", equalTo("Session not found"));
  }

  @Test
  void whatPassedBetweenSessionsIsInTheHistoryWithItsAnswer() throws Exception {
    Instant at = Instant.parse("2026-01-02T03:04:05.678Z");
    TriggerEvent.Delivered asked =
        new TriggerEvent.Delivered(
            session,
            at,
            user,
            "t1",
            "ask_user_question",
            "child-1",
            null,
            new JsonText("{\"q\":1.0}"),
            "steer",
            "inbound");
    send(asked);
    send(asked);
    send(new TriggerEvent.Answered(session, at.plusSeconds(1), user, "t1", "approve", "yes"));

    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> history("").body("triggers[0].response.text", equalTo("yes")));
    history("")
        .body("triggers", hasSize(1))
        .body("triggers[0].source", equalTo("child-1"))
        .body("triggers[0].ts", equalTo("2026-01-02T03:04:05.678Z"))
        .body("triggers[0].response.action", equalTo("approve"))
        .body("triggers[0].response.ts", equalTo("2026-01-02T03:04:06.678Z"));
  }

  private ValidatableResponse fire(String body) {
    return asUser().body(body).post("/api/sessions/" + session + "/trigger").then();
  }

  private ValidatableResponse history(String query) {
    return asUser().get("/api/sessions/" + session + "/triggers" + query).then().statusCode(200);
  }

  private void send(TriggerEvent event) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.TRIGGERS, event.sessionId().value(), JSON.writeValueAsString(event)))
          .get();
    }
  }
}
