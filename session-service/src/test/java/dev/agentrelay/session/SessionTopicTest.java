package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.platform.json.Timestamps;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What becomes of S1 when the gateway's events come over Kafka. */
@QuarkusTest
class SessionTopicTest extends ListingTest {
  private static final ObjectMapper JSON = RelayJson.mapper();

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @Test
  void anEventFromKafkaIsListedWithEveryField() throws Exception {
    TestSession session = TestSession.of(user);
    send(session.started(1, now));
    send(session.linked(1, now, "r1"));
    send(session.active(1, now.plusMillis(5), "a name"));
    send(session.ended(1, now.plusMillis(9)));

    JsonPath answer = awaitList(found -> found.getString("persistedSessions[0].endedAt") != null);

    assertThat(answer.<String, Object>getMap("persistedSessions[0]"))
        .containsEntry("sessionId", session.id().value())
        .containsEntry("shareUrl", "http://localhost:7492/session/" + session.id())
        .containsEntry("cwd", "/home/dev/epoch-1")
        .containsEntry("startedAt", Timestamps.text(now))
        .containsEntry("lastActiveAt", Timestamps.text(now.plusMillis(5)))
        .containsEntry("endedAt", Timestamps.text(now.plusMillis(9)))
        .containsEntry("isEphemeral", true)
        .containsEntry("expiresAt", Timestamps.text(now.plusMillis(5).plusSeconds(600)))
        .containsEntry("isPinned", false)
        .containsEntry("sessionName", "a name")
        .containsEntry("runnerId", "r1")
        .containsEntry("runnerName", "name of r1")
        .containsEntry("parentSessionId", null)
        .containsEntry("status", "ended")
        .hasSize(14);
  }

  @Test
  void theWholeTopicReadAgainGivesTheSameList() throws Exception {
    TestSession first = TestSession.of(user);
    TestSession second = TestSession.of(user);
    List<SessionEvent> topic =
        List.of(
            first.started(1, now.minusSeconds(300)),
            second.started(1, now.minusSeconds(250)),
            first.linked(1, now.minusSeconds(240), "r1"),
            first.active(1, now.minusSeconds(200), "first name"),
            first.ended(1, now.minusSeconds(190)),
            first.started(2, now.minusSeconds(100)),
            second.active(1, now.minusSeconds(90), "renamed"),
            second.ended(1, now.minusSeconds(80)),
            first.active(2, now.minusSeconds(70), "second name"),
            first.ended(2, now.minusSeconds(60)));
    sendAll(topic);
    awaitList(
        found ->
            ended(found) == 2
                && found.getList("persistedSessions.sessionName").contains("second name"));
    String before = as(user).get("/api/sessions").asString();

    sendAll(topic);
    List<TestSession> markers = markEveryPartition();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ids(list("limit=100")).size(), size -> size == markers.size() + 2);

    assertThat(as(user).get("/api/sessions?limit=100").asString())
        .endsWith(before.substring(before.indexOf("{\"sessionId\"")));
  }

  /** Starts a session behind all that each partition has, so that one sees when it was read. */
  private List<TestSession> markEveryPartition() throws Exception {
    List<TestSession> markers = new ArrayList<>();
    try (KafkaProducer<String, String> producer = producer()) {
      for (PartitionInfo partition : producer.partitionsFor(Topics.SESSIONS)) {
        TestSession marker = TestSession.of(user);
        markers.add(marker);
        String event = JSON.writeValueAsString(marker.started(1, now));
        producer
            .send(
                new ProducerRecord<>(
                    Topics.SESSIONS, partition.partition(), marker.id().value(), event))
            .get();
      }
    }
    return markers;
  }

  private static long ended(JsonPath answer) {
    return answer.getList("persistedSessions.endedAt").stream().filter(Objects::nonNull).count();
  }

  @Test
  void anEventThatCannotBeReadDoesNotStopTheOthers() throws Exception {
    TestSession session = TestSession.of(user);
    sendText(session.id().value(), "{\"type\":\"nonsense\"");
    send(session.started(1, now));

    awaitList(found -> !found.getList("persistedSessions").isEmpty());
  }

  @Test
  void aLiveSessionIsPinnedThoughItsRowIsStillOnItsWay() throws Exception {
    TestSession session = TestSession.of(user);
    live().add(session, now);
    as(TestSession.newUser()).put("/api/sessions/" + session.id() + "/pin").then().statusCode(404);
    as(user).put("/api/sessions/" + session.id() + "/pin").then().statusCode(200);

    send(session.started(1, now));
    send(session.ended(1, now.plusMillis(9)));

    awaitList(found -> found.getString("persistedSessions[0].endedAt") != null);
    assertThat(list("limit=20").getBoolean("persistedSessions[0].isPinned")).isTrue();
  }

  private JsonPath awaitList(Predicate<JsonPath> wanted) {
    return await().atMost(Duration.ofSeconds(20)).until(() -> list("limit=20"), wanted);
  }

  private void sendAll(List<SessionEvent> events) throws Exception {
    for (SessionEvent event : events) {
      send(event);
    }
  }

  private void send(SessionEvent event)
      throws JsonProcessingException, ExecutionException, InterruptedException {
    sendText(event.sessionId().value(), JSON.writeValueAsString(event));
  }

  private void sendText(String key, String value) throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer = producer()) {
      producer.send(new ProducerRecord<>(Topics.SESSIONS, key, value)).get();
    }
  }

  private KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer());
  }
}
