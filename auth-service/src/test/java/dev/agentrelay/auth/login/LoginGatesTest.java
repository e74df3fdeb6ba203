package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call at all, and how often (rest.md 1.10, 2.3). */
@QuarkusTest
@RealStores
class LoginGatesTest {
  private static Response signIn(Map<String, ?> body) {
    return call().body(body).post("/api/auth/sign-in/email");
  }

  @Test
  void pagesOfOtherSitesMayNotAct() {
    String cookie = freshLogin();
    originGiven(cookie, "https://evil.example")
        .then()
        .statusCode(403)
        .body("code", equalTo("INVALID_ORIGIN"))
        .body("message", equalTo("Invalid origin"));
    originGiven(cookie, "null")
        .then()
        .statusCode(403)
        .body("code", equalTo("MISSING_OR_NULL_ORIGIN"))
        .body("message", equalTo("Missing or null Origin"));
    originGiven(cookie, ORIGIN).then().statusCode(200);
  }

  @Test
  void aRefererStandsInForAnOrigin() {
    String cookie = freshLogin();
    refererGiven(cookie, "https://evil.example/page")
        .then()
        .statusCode(403)
        .body("code", equalTo("INVALID_ORIGIN"));
    given()
        .header("x-forwarded-for", freshAddress())
        .header("cookie", cookie)
        .post("/api/auth/sign-out")
        .then()
        .statusCode(403)
        .body("code", equalTo("MISSING_OR_NULL_ORIGIN"));
    refererGiven(cookie, ORIGIN + "/settings").then().statusCode(200);
  }

  private static Response refererGiven(String cookie, String referer) {
    return given()
        .header("x-forwarded-for", freshAddress())
        .header("cookie", cookie)
        .header("referer", referer)
        .post("/api/auth/sign-out");
  }

  private static Response originGiven(String cookie, String origin) {
    return given()
        .header("x-forwarded-for", freshAddress())
        .header("cookie", cookie)
        .header("origin", origin)
        .post("/api/auth/sign-out");
  }

  @Test
  void browsersWithoutCookieAreCheckedToo() {
    Map<String, String> body = Map.of("email", freshEmail(), "password", PASSWORD);
    RequestSpecification browser =
        given()
            .header("x-forwarded-for", freshAddress())
            .header("sec-fetch-site", "cross-site")
            .contentType("application/json")
            .body(body);
    browser
        .post("/api/auth/sign-in/email")
        .then()
        .statusCode(403)
        .body("code", equalTo("MISSING_OR_NULL_ORIGIN"));
    browser
        .header("sec-fetch-mode", "navigate")
        .post("/api/auth/sign-in/email")
        .then()
        .statusCode(403)
        .body(
            "code",
            equalTo("CROSSSITE_NAVIGATION_LOGIN_BLOCKED_THIS_REQUEST_APPEARS_TO_BE_A_CSRF_ATTACK"));
  }

  @Test
  void sendsNobodyToOtherSites() {
    signIn(
            Map.of(
                "email", "a@example.com", "password", "x", "callbackURL", "https://evil.example/"))
        .then()
        .statusCode(403)
        .body("code", equalTo("INVALID_CALLBACKURL"));
    signIn(Map.of("email", "a@example.com", "password", "x", "callbackURL", "//evil.example"))
        .then()
        .statusCode(403);
    signIn(Map.of("email", "a@example.com", "password", "x", "redirectTo", "https://evil.example/"))
        .then()
        .statusCode(403);
    signIn(Map.of("email", "a@example.com", "password", "x", "callbackURL", "/session/1"))
        .then()
        .statusCode(401);
  }

  @Test
  void theFourthPasswordInTenSecondsIsRefused() {
    String address = freshAddress();
    Map<String, String> body = Map.of("email", "nobody", "password", "x");
    for (int i = 0; i < 3; i++) {
      from(address, body).then().statusCode(400);
    }
    from(address, body)
        .then()
        .statusCode(429)
        .header("content-type", equalTo("application/json"))
        .header("x-retry-after", matchesPattern("[1-9]|10"))
        .body(equalTo("{\"message\":\"Too many requests. Please try again later.\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign-up/email", "change-password"})
  void everyCallWithAPasswordIsCountedAndEachForItself(String path) {
    String address = freshAddress();
    Map<String, String> nothing = Map.of("email", "nobody", "password", "x");
    for (int i = 0; i < 3; i++) {
      from(address, nothing).then().statusCode(400);
    }
    for (int i = 0; i < 3; i++) {
      from(address, path, nothing).then().statusCode(400);
    }
    from(address, path, nothing).then().statusCode(429);
  }

  /** 100 may be made in ten seconds; a slow machine may need a second window to make more. */
  @Test
  void otherCallsAreCountedToo() {
    String address = freshAddress();
    boolean refused =
        IntStream.range(0, 250)
            .map(i -> given().header("x-forwarded-for", address).get("/api/auth/ok").statusCode())
            .anyMatch(status -> status == 429);
    assertThat(refused).isTrue();
  }

  private static Response from(String address, Map<String, String> body) {
    return from(address, "sign-in/email", body);
  }

  private static Response from(String address, String path, Map<String, String> body) {
    return given()
        .header("x-forwarded-for", address)
        .contentType("application/json")
        .body(body)
        .post("/api/auth/" + path);
  }

  @Test
  void unknownPathsAndMethodsAreEmpty() {
    call().get("/api/auth/api-key/verify").then().statusCode(404).body(equalTo(""));
    call().get("/api/auth/sign-out").then().statusCode(404).body(equalTo(""));
    call().get("/api/auth/ok").then().statusCode(200).body("ok", equalTo(true));
    call()
        .get("/api/nothing")
        .then()
        .statusCode(404)
        .body("error", equalTo("Not found"))
        .body("code", equalTo("not_found"));
    call().get("/api/register").then().statusCode(404).body("error", equalTo("Not found"));
  }
}
