package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.register;
import static dev.agentrelay.auth.TestingClient.signUp;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.agentrelay.testkit.stores.OwnStores;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whoever cannot be checked is neither signed out nor turned away, but asked to come back. */
@QuarkusTest
@QuarkusTestResource(
    value = StoresTestResource.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka"),
    restrictToAnnotatedClass = true)
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "redis,postgres"),
    restrictToAnnotatedClass = true)
class StoresAwayTest {
  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  private final String email = freshEmail();

  private static Response session(String cookie) {
    return call().header("cookie", cookie).get("/api/auth/get-session");
  }

  private static void isUnavailable(Response answer, String code) {
    answer
        .then()
        .statusCode(503)
        .header("retry-after", matchesPattern("[1-9]\\d*"))
        .body("code", equalTo(code))
        .body("error", equalTo("Service temporarily unavailable"));
  }

  private void tellsWhoIsSignedInAndLetsNobodyGuess(String cookie, String key) {
    isUnavailable(
        call().body(Map.of("email", email, "password", PASSWORD)).post("/api/auth/sign-in/email"),
        "UNAVAILABLE");
    isUnavailable(register(email, PASSWORD), "unavailable");
    session(cookie).then().statusCode(200).body("user.email", equalTo(email));
    call().header("x-api-key", key).get("/api/me").then().statusCode(200);
    given().get(ready).then().statusCode(200);
  }

  @Test
  void comeBackLater() {
    String cookie = cookiePair(signUp(email));
    String key = freshKey();

    OwnStores.silence("redis");
    tellsWhoIsSignedInAndLetsNobodyGuess(cookie, key);
    OwnStores.kill("redis");
    tellsWhoIsSignedInAndLetsNobodyGuess(cookie, key);

    OwnStores.kill("postgres");
    isUnavailable(session(cookie), "UNAVAILABLE");
    isUnavailable(call().header("x-api-key", key).get("/api/auth/api-key/list"), "UNAVAILABLE");
    isUnavailable(call().header("x-api-key", key).get("/api/me"), "unavailable");
    isUnavailable(
        call().header("cookie", cookie).get("/api/settings/hidden-models"), "unavailable");
    isUnavailable(call().get("/api/setup-claim/" + "0".repeat(64)), "unavailable");
  }
}
