package dev.agentrelay.auth.apikey;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.exchange;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class ApiKeyTest {
  @Inject EntityManager database;
  @Inject UserTransaction transaction;

  private static Response create(String cookie, Map<String, ?> body) {
    return call().header("cookie", cookie).body(body).post("/api/auth/api-key/create");
  }

  private static Response list(String cookie) {
    return call().header("cookie", cookie).get("/api/auth/api-key/list");
  }

  private void change(String column, Object value, String key) throws Exception {
    transaction.begin();
    database
        .createNativeQuery("UPDATE auth.api_key SET " + column + " = :value WHERE key_hash = :hash")
        .setParameter("value", value)
        .setParameter("hash", Credential.hash(key))
        .executeUpdate();
    transaction.commit();
  }

  @Test
  void aNewKeyIsShownOnce() {
    String cookie = freshLogin();
    Response answer = create(cookie, Map.of("name", "runner: box", "prefix", "ppru"));
    answer
        .then()
        .statusCode(200)
        .body("key", matchesPattern("ppru[a-zA-Z]{64}"))
        .body("id", matchesPattern("[a-zA-Z0-9]{32}"))
        .body("start", equalTo(answer.<String>path("key").substring(0, 6)))
        .body("prefix", equalTo("ppru"))
        .body("name", equalTo("runner: box"))
        .body("enabled", equalTo(true))
        .body("rateLimitTimeWindow", equalTo(86_400_000))
        .body("rateLimitMax", equalTo(10))
        .body("requestCount", equalTo(0))
        .body("expiresAt", nullValue());
    list(cookie)
        .then()
        .statusCode(200)
        .body("$", hasSize(1))
        .body("[0].id", equalTo(answer.path("id")))
        .body("[0]", not(hasKey("key")));
    assertThat(answer.<Map<String, Object>>path("$").keySet())
        .isEqualTo(
            Set.of(
                "id",
                "name",
                "start",
                "prefix",
                "userId",
                "refillInterval",
                "refillAmount",
                "lastRefillAt",
                "enabled",
                "rateLimitEnabled",
                "rateLimitTimeWindow",
                "rateLimitMax",
                "requestCount",
                "remaining",
                "lastRequest",
                "expiresAt",
                "createdAt",
                "updatedAt",
                "permissions",
                "metadata",
                "key"));
  }

  @Test
  void aNameMayBeAbsentOrEmpty() {
    String cookie = freshLogin();
    create(cookie, Map.of()).then().statusCode(200).body("name", nullValue());
    create(cookie, Map.of("name", "")).then().statusCode(200).body("name", equalTo(""));
  }

  @Test
  void refusesWhatIsOutOfBounds() {
    String cookie = freshLogin();
    refused(cookie, Map.of("name", 1), "VALIDATION_ERROR");
    refused(cookie, Map.of("prefix", "no spaces"), "VALIDATION_ERROR");
    refused(
        cookie, Map.of("name", "x".repeat(33)), "THE_NAME_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL");
    refused(
        cookie,
        Map.of("expiresIn", 60),
        "THE_EXPIRESIN_IS_SMALLER_THAN_THE_PREDEFINED_MINIMUM_VALUE");
    refused(
        cookie,
        Map.of("expiresIn", 366 * 86_400),
        "THE_EXPIRESIN_IS_LARGER_THAN_THE_PREDEFINED_MAXIMUM_VALUE");
    refused(
        cookie,
        Map.of("remaining", 3),
        "THE_PROPERTY_YOURE_TRYING_TO_SET_CAN_ONLY_BE_SET_FROM_THE_SERVER_AUTH_INSTANCE_ONLY");
  }

  private static void refused(String cookie, Map<String, ?> body, String code) {
    create(cookie, body)
        .then()
        .statusCode(400)
        .body("code", equalTo(code))
        .body("message", notNullValue());
  }

  @Test
  void nobodyMayMakeOrSeeKeys() {
    call()
        .body(Map.of())
        .post("/api/auth/api-key/create")
        .then()
        .statusCode(401)
        .body("code", equalTo("UNAUTHORIZED_OR_INVALID_SESSION"));
    call().get("/api/auth/api-key/list").then().statusCode(401).body(equalTo(""));
  }

  @Test
  void aKeyOpensItsOwnersKeysAndItself() {
    String key = freshKey();
    Response mine = call().header("x-api-key", key).get("/api/auth/api-key/list");
    mine.then()
        .statusCode(200)
        .body("[0].name", equalTo("cli"))
        .body("[0].start", equalTo(key.substring(0, 14)))
        .body("[0].prefix", nullValue())
        .body("[0].rateLimitMax", nullValue())
        .body("[0].lastRequest", notNullValue());
    call()
        .header("x-api-key", key)
        .body(Map.of("keyId", mine.path("[0].id")))
        .post("/api/auth/api-key/delete")
        .then()
        .statusCode(200)
        .body("success", equalTo(true));
    call()
        .header("x-api-key", key)
        .get("/api/me")
        .then()
        .statusCode(401)
        .body(equalTo("Invalid or expired API key"));
  }

  @Test
  void aKeyMakesAnotherOneForItsOwner() {
    String key = freshKey();
    Response made =
        call().header("x-api-key", key).body(Map.of("name", "b")).post("/api/auth/api-key/create");
    made.then().statusCode(200);
    String owner = call().header("x-api-key", key).get("/api/me").path("userId");
    call()
        .header("x-api-key", made.<String>path("key"))
        .get("/api/me")
        .then()
        .body("userId", equalTo(owner));
  }

  @Test
  void somebodyElsesKeyIsNotFound() {
    Response theirs = create(freshLogin(), Map.of());
    call()
        .header("cookie", freshLogin())
        .body(Map.of("keyId", theirs.path("id")))
        .post("/api/auth/api-key/delete")
        .then()
        .statusCode(404)
        .body("code", equalTo("API_KEY_NOT_FOUND"));
  }

  @Test
  void aSessionAskedForByKeySaysWhyItIsBad() throws Exception {
    byKey("short").then().statusCode(403).body("code", equalTo("INVALID_API_KEY"));
    byKey("x".repeat(64)).then().statusCode(401).body("code", equalTo("INVALID_API_KEY"));
    String disabled = freshKey();
    byKey(disabled).then().statusCode(200).body("session.token", equalTo(""));
    change("enabled", false, disabled);
    byKey(disabled).then().statusCode(401).body("code", equalTo("KEY_DISABLED"));
    exchange(Map.of("apiKey", disabled)).then().body("$", not(hasKey("token")));
    String expired = freshKey();
    change("expires_at", Instant.now().minus(Duration.ofSeconds(1)), expired);
    byKey(expired).then().statusCode(401).body("code", equalTo("KEY_EXPIRED"));
    byKey(expired).then().statusCode(401).body("code", equalTo("INVALID_API_KEY"));
    exchange(Map.of("apiKey", expired)).then().body("$", not(hasKey("token")));
  }

  private static Response byKey(String key) {
    return call().header("x-api-key", key).get("/api/auth/get-session");
  }
}
