package dev.agentrelay.push;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.push.BrowserKeys;
import dev.agentrelay.testkit.push.ScriptedPushProvider;
import dev.agentrelay.testkit.push.ScriptedPushProvider.Posted;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One user with browsers, and a gateway that has something to tell. */
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(PushTestResource.class)
abstract class PushTest {
  static final Duration LIMIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = RelayJson.mapper();

  final UserId user = new UserId("user-" + UUID.randomUUID());
  final SessionId session = new SessionId("session-" + UUID.randomUUID());

  // PushTestResource sets them before any test runs
  @SuppressWarnings("NullAway.Init")
  ScriptedPushProvider provider;

  @SuppressWarnings("NullAway.Init")
  ScriptedPushProvider otherProvider;

  @SuppressWarnings("NullAway.Init")
  ScriptedNtfy ntfy;

  private KafkaProducer<String, String> gateway;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @BeforeEach
  void openGateway() {
    gateway =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer());
  }

  @AfterEach
  void closeGateway() {
    gateway.close();
  }

  RequestSpecification caller() {
    return as(user);
  }

  static RequestSpecification as(UserId user) {
    return given()
        .header("x-api-key", TestingIdentities.apiKey(user))
        .contentType(ContentType.JSON);
  }

  /** Subscribes a browser whose endpoint has that path. */
  BrowserKeys subscribe(String path, String events) {
    BrowserKeys keys = BrowserKeys.generate();
    subscribe(provider.endpoint(path), keys.p256dh(), keys.auth(), events).statusCode(200);
    return keys;
  }

  void subscribeAt(String endpoint, BrowserKeys keys) {
    subscribe(endpoint, keys.p256dh(), keys.auth(), "*").statusCode(200);
  }

  void subscribeAt(String endpoint, String p256dh, String auth) {
    subscribe(endpoint, p256dh, auth, "*").statusCode(200);
  }

  ValidatableResponse subscribe(String endpoint, String p256dh, String auth, String events) {
    return caller()
        .body(
            Map.of(
                "endpoint",
                endpoint,
                "keys",
                Map.of("p256dh", p256dh, "auth", auth),
                "enabledEvents",
                events))
        .post("/api/push/subscribe")
        .then();
  }

  /** Ends what still waits to be told to the user's browsers. */
  void unsubscribeAll() {
    caller()
        .get("/api/push/subscriptions")
        .jsonPath()
        .getList("subscriptions.endpoint")
        .forEach(
            endpoint ->
                caller().body(Map.of("endpoint", endpoint)).post("/api/push/unsubscribe").then());
  }

  /** Writes the session into live state, as a gateway does. */
  void makeLive(RedisDataSource redis, boolean collab) {
    redis
        .hash(String.class)
        .hset(
            LiveKeys.session(session),
            Map.of(
                SessionField.USER_ID.key(),
                user.value(),
                SessionField.REPLICA.key(),
                "replica-1",
                SessionField.COLLAB.key(),
                collab ? "1" : "0"));
  }

  About about(@Nullable SessionId parent) {
    return new About(
        UUID.randomUUID().toString(), session, user, Instant.now(), "billing", true, parent);
  }

  AgentNotice.Asked question(String toolCallId, String... options) {
    return new AgentNotice.Asked(
        about(null), toolCallId, 1, "Drop the old table?", List.of(options));
  }

  void say(AgentNotice notice) {
    try {
      sayText(JSON.writerFor(AgentNotice.class).writeValueAsString(notice));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  void sayText(String text) {
    var unused = gateway.send(new ProducerRecord<>(Topics.NOTICES, session.value(), text));
    gateway.flush();
  }

  /** Waits for the next message to that endpoint after a mark. */
  Posted awaitPosted(long mark, String path) {
    return provider.inbox().awaitAfter(mark, posted -> posted.path().equals("/" + path), LIMIT);
  }

  /** Waits until each notification has ended, and so many are known. */
  JsonPath awaitOutcomes(int count) {
    return await()
        .atMost(LIMIT)
        .until(
            this::outcomes,
            page ->
                page.getList("outcomes").size() == count
                    && !page.getList("outcomes.outcome").contains("pending"));
  }

  /** How many notifications have come to that. */
  long outcomes(String outcome) {
    return caller()
        .get("/api/push/outcomes?limit=200")
        .jsonPath()
        .getList("outcomes.outcome")
        .stream()
        .filter(outcome::equals)
        .count();
  }

  JsonPath outcomes() {
    return caller().get("/api/push/outcomes").then().statusCode(200).extract().jsonPath();
  }
}
