package dev.agentrelay.push;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** P1 to P6 of rest.md 6.3, over HTTP. */
@QuarkusTest
class SubscriptionTest extends PushTest {
  private static final String ENDPOINT = "https://push.example.org/send/abc";

  @Inject DataSource database;

  @Test
  void everybodyGetsTheSameVapidKey() {
    String key = given().get("/api/push/vapid-public-key").jsonPath().getString("publicKey");
    assertThat(Base64.getUrlDecoder().decode(key)).hasSize(65).startsWith(4);
    assertThat(key).doesNotContain("=");
    given().get("/api/push/vapid-public-key").then().body("publicKey", equalTo(key));
  }

  @Test
  void nobodySubscribesWithoutCredential() {
    given()
        .contentType("application/json")
        .body("{}")
        .post("/api/push/subscribe")
        .then()
        .statusCode(401);
    given().get("/api/push/subscriptions").then().statusCode(401);
  }

  @Test
  void aSubscriptionIsListedWithoutItsKeys() {
    String id = subscribe(ENDPOINT).statusCode(200).body("ok", equalTo(true)).extract().path("id");
    caller()
        .get("/api/push/subscriptions")
        .then()
        .body("subscriptions", hasSize(1))
        .body("subscriptions[0].id", equalTo(id))
        .body("subscriptions[0].endpoint", equalTo(ENDPOINT))
        .body("subscriptions[0].createdAt", matchesPattern("\\d{4}-.*Z"))
        .body("subscriptions[0].enabledEvents", equalTo("*"))
        .body("subscriptions[0].suppressChildNotifications", equalTo(false))
        .body("subscriptions[0].vapidKeyChanged", equalTo(false))
        .body("subscriptions[0].keys", equalTo(null))
        .body("subscriptions[0].p256dh", equalTo(null));
  }

  @Test
  void aBrowserIsToldThatTheVapidKeyHasChanged() throws SQLException {
    subscribe(ENDPOINT).statusCode(200);
    try (Connection connection = database.getConnection();
        Statement older = connection.createStatement()) {
      older.executeUpdate("update push.subscriptions set vapid_public_key = 'older'");
    }
    caller()
        .get("/api/push/subscriptions")
        .then()
        .body("subscriptions[0].vapidKeyChanged", equalTo(true));
  }

  @Test
  void subscribingAgainReplacesEverything() {
    String first = subscribe(ENDPOINT).extract().path("id");
    setEvents(ENDPOINT, "agent_error").statusCode(200);
    setChildren(ENDPOINT, true).statusCode(200);
    subscribe(ENDPOINT).body("id", not(equalTo(first)));
    caller()
        .get("/api/push/subscriptions")
        .then()
        .body("subscriptions", hasSize(1))
        .body("subscriptions[0].enabledEvents", equalTo("*"))
        .body("subscriptions[0].suppressChildNotifications", equalTo(false));
  }

  @Test
  void subscribingTwiceAtOnceLeavesOne() {
    List<CompletableFuture<Integer>> calls =
        IntStream.range(0, 8)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(() -> subscribe(ENDPOINT).extract().statusCode()))
            .toList();
    assertThat(calls.stream().map(CompletableFuture::join)).containsOnly(200);
    caller().get("/api/push/subscriptions").then().body("subscriptions", hasSize(1));
  }

  @Test
  void whatIsUnknownIsUnsubscribedAndChangedWithoutComplaint() {
    post("unsubscribe", "{\"endpoint\":\"https://never.example/\"}").statusCode(200);
    setEvents("https://never.example/", "*").statusCode(200).body("ok", equalTo(true));
    setChildren("https://never.example/", true)
        .statusCode(404)
        .body("error", equalTo("No matching subscription found for this endpoint"));
  }

  @Test
  void nobodyChangesTheSubscriptionOfSomebodyElse() {
    subscribe(ENDPOINT).statusCode(200);
    UserId stranger = new UserId("stranger-" + UUID.randomUUID());
    as(stranger)
        .body(Map.of("endpoint", ENDPOINT, "enabledEvents", "none"))
        .put("/api/push/events")
        .then()
        .statusCode(200);
    as(stranger)
        .body(Map.of("endpoint", ENDPOINT, "suppress", true))
        .put("/api/push/child-notifications")
        .then()
        .statusCode(404);
    as(stranger)
        .body(Map.of("endpoint", ENDPOINT))
        .post("/api/push/unsubscribe")
        .then()
        .statusCode(200);
    caller()
        .get("/api/push/subscriptions")
        .then()
        .body("subscriptions", hasSize(1))
        .body("subscriptions[0].enabledEvents", equalTo("*"));
  }

  @Test
  void aCookieIsACredentialToo() {
    given()
        .header("Cookie", TestingIdentities.cookie(user))
        .get("/api/push/subscriptions")
        .then()
        .statusCode(200)
        .body("subscriptions", hasSize(0));
  }

  private ValidatableResponse subscribe(String endpoint) {
    return caller()
        .body(Map.of("endpoint", endpoint, "keys", Map.of("p256dh", "key", "auth", "secret")))
        .post("/api/push/subscribe")
        .then();
  }

  private ValidatableResponse setEvents(String endpoint, String events) {
    return caller()
        .body(Map.of("endpoint", endpoint, "enabledEvents", events))
        .put("/api/push/events")
        .then();
  }

  private ValidatableResponse setChildren(String endpoint, boolean suppress) {
    return caller()
        .body(Map.of("endpoint", endpoint, "suppress", suppress))
        .put("/api/push/child-notifications")
        .then();
  }

  private ValidatableResponse post(String call, String body) {
    return caller().body(body).post("/api/push/" + call).then();
  }
}
