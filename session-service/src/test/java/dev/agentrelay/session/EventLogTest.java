package dev.agentrelay.session;

import static dev.agentrelay.session.EventTopic.json;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.events.EventTrim;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cursor for programs. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class EventLogTest {
  @TestHTTPResource("/")
  URI relay;

  @Inject SessionIndex index;
  @Inject EventTrim trim;
  @Inject DataSource database;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private final UserId user = TestSession.newUser();
  private final TestSession session = TestSession.of(user);
  private final Instant now = TestSession.now();

  @BeforeEach
  void makeSession() {
    index.apply(session.started(1, now));
  }

  @Test
  void eventsAreReadPageByPageAsTheWorkerSentThem() throws Exception {
    send(List.of(event(1, 1, "{\"type\":\"a\", \"n\":1.0}"), event(1, 2), event(1, 3)));

    awaitEvents(3);

    JsonPath first = read("limit=2");
    assertThat(first.getList("events.cursor")).containsExactly("1", "2");
    assertThat(first.getString("nextCursor")).isEqualTo("2");
    assertThat(first.getBoolean("more")).isTrue();
    assertThat(first.getBoolean("recovered")).isTrue();
    assertThat(as(user).get(path() + "?limit=1").asString())
        .contains("\"event\":{\"type\":\"a\", \"n\":1.0}");
    JsonPath second = read("after=2");
    assertThat(second.getList("events.cursor")).containsExactly("3");
    assertThat(second.getBoolean("more")).isFalse();
    JsonPath end = read("after=3");
    assertThat(end.getList("events")).isEmpty();
    assertThat(end.getString("nextCursor")).isEqualTo("3");
    assertThat(end.getBoolean("recovered")).isTrue();
  }

  @Test
  void theWholeTopicReadAgainGivesTheSameLog() throws Exception {
    List<ProducerRecord<String, byte[]>> topic = new ArrayList<>();
    LongStream.rangeClosed(1, 50).forEach(n -> topic.add(event(1, n)));
    LongStream.rangeClosed(1, 50).forEach(n -> topic.add(event(2, n)));
    send(topic);
    awaitEvents(100);
    String before = as(user).get(path() + "?limit=1000").asString();

    send(topic);
    send(List.of(event(2, 51)));

    awaitEvents(101);
    JsonPath after = read("limit=1000");
    assertThat(after.getList("events")).hasSize(101);
    assertThat(after.getBoolean("recovered")).isTrue();
    assertThat(as(user).get(path() + "?limit=100").asString())
        .isEqualTo(before.replace("\"more\":false", "\"more\":true"));
  }

  @Test
  void aLostEventIsToldPlainly() throws Exception {
    send(List.of(event(1, 1), event(1, 2), event(1, 4), event(1, 5)));

    awaitEvents(4);

    JsonPath all = read("");
    assertThat(all.getList("events.cursor")).containsExactly("1", "2", "4", "5");
    assertThat(all.getBoolean("recovered")).isFalse();
    assertThat(read("limit=2").getBoolean("recovered")).isTrue();
    assertThat(read("after=2").getBoolean("recovered")).isFalse();
    assertThat(read("after=4").getBoolean("recovered")).isTrue();
    assertThat(read("after=9").getBoolean("recovered")).isFalse();
  }

  @Test
  void aTrimmedLogSaysSo() throws Exception {
    send(LongStream.rangeClosed(1, 10).mapToObj(n -> event(1, n)).toList());
    awaitEvents(10);

    trimTo(4);

    assertThat(read("").getList("events.cursor")).containsExactly("7", "8", "9", "10");
    assertThat(read("").getBoolean("recovered")).isFalse();
    assertThat(read("after=3").getBoolean("recovered")).isFalse();
    assertThat(read("after=6").getBoolean("recovered")).isTrue();
    trim.trimOlderThan(Instant.now().plusSeconds(60));
    assertThat(read("after=6").getList("events")).isEmpty();
    assertThat(read("after=6").getString("nextCursor")).isEqualTo("10");
    assertThat(read("after=6").getBoolean("recovered")).isFalse();
  }

  /** Trims all logs; answers in how many steps. */
  private int trimTo(int most) {
    int steps = 0;
    while (trim.trimTo(most)) {
      steps++;
    }
    return steps;
  }

  @Test
  void aLogThatIsFarTooLongIsTrimmedStepByStep() throws Exception {
    try (Connection connection = database.getConnection();
        PreparedStatement add =
            connection.prepareStatement(
                """
                with log as (insert into session.event_logs
                  (session_id, user_id, epoch, number, at, position, bytes)
                  values (?, ?, 1, 12000, now(), 12000, 24000) returning session_id)
                insert into session.events (session_id, position, at, event)
                select session_id, n, now(), '{}' from log, generate_series(1, 12000) n
                """)) {
      add.setString(1, session.id().value());
      add.setString(2, user.value());
      add.executeUpdate();
    }

    assertThat(trimTo(4)).isGreaterThan(1);
    assertThat(read("").getList("events.cursor"))
        .containsExactly("11997", "11998", "11999", "12000");
  }

  @Test
  void onlyTheOwnerReadsAndOddCursorsAreRefused() {
    as(TestSession.newUser())
        .get(path())
        .then()
        .statusCode(404)
        .body("error", equalTo("Session not found"));
    as(TestSession.newUser()).accept("text/event-stream").get(path()).then().statusCode(404);
    given().get(path()).then().statusCode(401);
    for (String odd : List.of("after=x", "after=-1", "limit=0", "limit=x")) {
      as(user).get(path() + "?" + odd).then().statusCode(400);
    }
  }

  @Test
  void aStreamGoesOnFromTheLastEventId() throws Exception {
    send(List.of(event(1, 1), event(1, 2), event(1, 4)));
    awaitEvents(3);
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    HttpClient http = HttpClient.newHttpClient();
    CompletableFuture<?> stream =
        http.sendAsync(
                HttpRequest.newBuilder(relay.resolve(path()))
                    .header("x-api-key", TestingIdentities.apiKey(user))
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", "1")
                    .build(),
                BodyHandlers.ofLines())
            .thenAccept(
                answer -> answer.body().filter(line -> !line.isEmpty()).forEach(lines::add));
    assertThat(next(lines, 2))
        .containsExactlyInAnyOrder(
            "event:gap", "data:{\"recovered\":false,\"after\":\"1\",\"until\":\"4\"}");
    assertThat(next(lines, 4)).contains("id:2", "data:" + json(1, 2), "id:4", "data:" + json(1, 4));

    send(List.of(event(1, 5)));

    assertThat(next(lines, 2)).containsExactlyInAnyOrder("id:5", "data:" + json(1, 5));
    stream.cancel(true);
    http.shutdownNow();
  }

  private static List<String> next(LinkedBlockingQueue<String> lines, int count)
      throws InterruptedException {
    List<String> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(String.valueOf(lines.poll(20, TimeUnit.SECONDS)));
    }
    return next;
  }

  @Test
  void aDeletedSessionStaysDeletedThoughItsTopicsAreReadAgain() throws Exception {
    List<ProducerRecord<String, byte[]>> events = List.of(event(1, 1), event(1, 2));
    send(events);
    awaitEvents(2);
    as(TestSession.newUser()).delete("/api/sessions/" + session.id()).then().statusCode(404);
    as(user)
        .delete("/api/sessions/" + session.id())
        .then()
        .statusCode(200)
        .body("ok", equalTo(true));
    as(user).get(path()).then().statusCode(404);

    index.apply(session.started(1, now));
    send(events);
    TestSession marker = TestSession.of(user);
    index.apply(marker.started(1, now));

    assertThat(
            as(user).get("/api/sessions").jsonPath().<String>getList("persistedSessions.sessionId"))
        .containsExactly(marker.id().value());
    // A new registration under the same id is a new session, with a new part of the log.
    index.apply(session.started(2, Instant.now().plusSeconds(1)));
    send(List.of(event(2, 1)));
    JsonPath found =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> read("after=2"), page -> !page.getList("events").isEmpty());
    assertThat(found.getList("events.cursor")).containsExactly("3");
    assertThat(read("").getList("events.cursor")).containsExactly("3");
  }

  private void awaitEvents(int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> read("limit=1000").getList("events").size(), size -> size == count);
  }

  private JsonPath read(String query) {
    return as(user)
        .get(query.isEmpty() ? path() : path() + "?" + query)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static RequestSpecification as(UserId caller) {
    return given().header("x-api-key", TestingIdentities.apiKey(caller));
  }

  private String path() {
    return "/api/sessions/" + session.id() + "/events";
  }

  private ProducerRecord<String, byte[]> event(long epoch, long number) {
    return event(epoch, number, json(epoch, number));
  }

  private ProducerRecord<String, byte[]> event(long epoch, long number, String json) {
    return EventTopic.event(session, epoch, number, now, json);
  }

  private void send(List<ProducerRecord<String, byte[]>> events) throws Exception {
    new EventTopic(kafka).send(events);
  }
}
