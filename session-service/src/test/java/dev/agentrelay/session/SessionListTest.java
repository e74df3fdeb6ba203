package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** S1 to S4 of rest.md 5.1, over HTTP. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class SessionListTest {
  private static final ObjectMapper JSON = RelayJson.mapper();

  @Inject Redis redis;
  @Inject SessionIndex index;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private final Instant now = TestSession.now();
  private final UserId user = TestSession.newUser();

  @Test
  void aLiveSessionIsListedWithEveryField() {
    TestSession session = TestSession.of(user);
    live().add(session, now);
    TestSession foreign = TestSession.of(TestSession.newUser());
    live().add(foreign, now);

    JsonPath answer = list("includePersisted=0");

    assertThat(answer.getList("sessions")).hasSize(1);
    assertThat(answer.<String, Object>getMap("sessions[0]"))
        .containsEntry("sessionId", session.id().value())
        .containsEntry("shareUrl", "http://localhost:7492/session/" + session.id())
        .containsEntry("cwd", "/home/dev")
        .containsEntry("startedAt", Timestamps.text(now))
        .containsEntry("viewerCount", 0)
        .containsEntry("userId", user.value())
        .containsEntry("userName", "Ada")
        .containsEntry("sessionName", null)
        .containsEntry("isEphemeral", true)
        .containsEntry("expiresAt", Timestamps.text(now.plusSeconds(600)))
        .containsEntry("isActive", true)
        .containsEntry("lastHeartbeatAt", null)
        .containsEntry("model", Map.of("provider", "p", "id", "m"))
        .containsEntry("runnerId", "r1")
        .containsEntry("runnerName", "box")
        .containsEntry("parentSessionId", null)
        .containsEntry("status", "active")
        .hasSize(17);
    assertThat(answer.getList("persistedSessions")).isEmpty();
    assertThat(answer.<Object>get("nextCursor")).isNull();
  }

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
  void anEventThatCannotBeReadDoesNotStopTheOthers() throws Exception {
    TestSession session = TestSession.of(user);
    sendText(session.id().value(), "{\"type\":\"nonsense\"");
    send(session.started(1, now));

    awaitList(found -> !found.getList("persistedSessions").isEmpty());
  }

  @Test
  void pagesTogetherGiveEverySessionOnceAndThePinnedOnesEachTime() {
    List<TestSession> sessions =
        IntStream.range(0, 7)
            .mapToObj(
                i -> {
                  TestSession each = TestSession.of(user);
                  index.apply(each.started(1, now.minusSeconds(i / 2)));
                  return each;
                })
            .toList();
    String pinned = sessions.getLast().id().value();
    index.setPinned(user, sessions.getLast().id(), true);

    JsonPath page = list("limit=2");
    List<String> seen = new ArrayList<>(ids(page));
    assertThat(seen.getFirst()).isEqualTo(pinned);
    for (String cursor = page.getString("nextCursor"); cursor != null; ) {
      page = list("limit=2&cursor=" + cursor);
      List<String> ids = ids(page);
      assertThat(ids.getLast()).isEqualTo(pinned);
      seen.addAll(ids.subList(0, ids.size() - 1));
      cursor = page.getString("nextCursor");
    }

    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(sessions.stream().map(s -> s.id().value()).toList());
  }

  @Test
  void moreThanAPageOfPinnedSessionsHidesNoOther() {
    TestSession newest = TestSession.of(user);
    index.apply(newest.started(1, now));
    for (int i = 1; i <= 2; i++) {
      TestSession pinned = TestSession.of(user);
      index.apply(pinned.started(1, now.minusSeconds(i * 100L)));
      index.setPinned(user, pinned.id(), true);
    }

    JsonPath first = list("limit=1");
    JsonPath second = list("limit=1&cursor=" + first.getString("nextCursor"));

    assertThat(ids(second)).hasSize(3).first().isEqualTo(newest.id().value());
    assertThat(second.<Object>get("nextCursor")).isNull();
  }

  @Test
  void oddParametersAreTakenAsTheDefault() {
    TestSession session = TestSession.of(user);
    index.apply(session.started(1, now));

    for (String query : List.of("limit=x", "limit=0", "limit=-3", "cursor=nonsense", "limit=500")) {
      assertThat(ids(list(query))).as(query).containsExactly(session.id().value());
    }
    for (String no : List.of("0", "false", "FALSE", "No")) {
      assertThat(ids(list("includePersisted=" + no))).as(no).isEmpty();
    }
    assertThat(ids(list("includePersisted=1"))).hasSize(1);
  }

  @Test
  void expiredSessionsAreHiddenUnlessPinned() {
    TestSession expired = TestSession.of(user);
    index.apply(expired.started(1, now.minusSeconds(900), now.minusSeconds(300), null));
    assertThat(ids(list("limit=20"))).isEmpty();

    TestSession pinned = TestSession.of(user);
    index.apply(pinned.started(1, now.minusSeconds(900), now.plusSeconds(60), null));
    index.setPinned(user, pinned.id(), true);
    index.apply(pinned.active(1, now.minusSeconds(800), null));
    assertThat(ids(list("limit=20"))).containsExactly(pinned.id().value());
  }

  @Test
  void pinningIsForTheOwnerAndCanBeRepeated() {
    TestSession session = TestSession.of(user);
    index.apply(session.started(1, now));
    String path = "/api/sessions/" + session.id() + "/pin";

    for (int i = 0; i < 2; i++) {
      as(user)
          .put(path)
          .then()
          .statusCode(200)
          .body("ok", equalTo(true))
          .body("isPinned", equalTo(true));
    }
    JsonPath pinned =
        as(user).get("/api/sessions/pinned").then().statusCode(200).extract().jsonPath();
    assertThat(pinned.<String, Object>getMap("pinnedSessions[0]"))
        .containsEntry("sessionId", session.id().value())
        .containsEntry("isPinned", true);

    as(TestSession.newUser())
        .delete(path)
        .then()
        .statusCode(404)
        .body("error", equalTo("Session not found or not owned by you"))
        .body("code", equalTo("not_found"));
    as(user).delete(path).then().statusCode(200).body("isPinned", equalTo(false));
    as(user).get("/api/sessions/pinned").then().body("pinnedSessions.size()", equalTo(0));
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

  @Test
  void thePinTellsAnybodyWhichMethodsItTakes() {
    given()
        .post("/api/sessions/any/pin")
        .then()
        .statusCode(405)
        .header("Allow", "PUT, DELETE")
        .body(equalTo("Method not allowed"));
    given().get("/api/sessions/any/pin").then().statusCode(405);
  }

  @Test
  void nobodyIsServedWithoutACredential() {
    given()
        .get("/api/sessions")
        .then()
        .statusCode(401)
        .body(equalTo("Missing API key (x-api-key header)"));
    given().header("x-api-key", "wrong").get("/api/sessions/pinned").then().statusCode(401);
    given().put("/api/sessions/any/pin").then().statusCode(401);
    given()
        .header("Cookie", TestingIdentities.cookie(user))
        .get("/api/sessions")
        .then()
        .statusCode(200)
        .contentType("application/json;charset=utf-8");
  }

  private TestingLiveState live() {
    return new TestingLiveState(redis);
  }

  private JsonPath list(String query) {
    return as(user).get("/api/sessions?" + query).then().statusCode(200).extract().jsonPath();
  }

  private JsonPath awaitList(Predicate<JsonPath> wanted) {
    return await().atMost(Duration.ofSeconds(20)).until(() -> list("limit=20"), wanted);
  }

  private static List<String> ids(JsonPath answer) {
    return answer.getList("persistedSessions.sessionId");
  }

  private static RequestSpecification as(UserId caller) {
    return given().header("x-api-key", TestingIdentities.apiKey(caller));
  }

  private void send(SessionEvent event)
      throws JsonProcessingException, ExecutionException, InterruptedException {
    sendText(event.sessionId().value(), JSON.writeValueAsString(event));
  }

  private void sendText(String key, String value) throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(Topics.SESSIONS, key, value)).get();
    }
  }
}
