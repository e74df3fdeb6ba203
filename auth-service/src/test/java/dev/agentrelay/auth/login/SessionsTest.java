package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static dev.agentrelay.auth.TestingClient.signUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class SessionsTest {
  private final String email = freshEmail();

  private static Response post(String cookie, String path, Map<String, ?> body) {
    return call().header("cookie", cookie).body(body).post("/api/auth/" + path);
  }

  private static Response list(String cookie) {
    return call().header("cookie", cookie).get("/api/auth/list-sessions");
  }

  private static void isSignedIn(String cookie, boolean expected) {
    String answer = call().header("cookie", cookie).get("/api/auth/get-session").asString();
    assertThat(!answer.equals("null")).isEqualTo(expected);
  }

  private String signInAgain() {
    return cookiePair(
        call().body(Map.of("email", email, "password", PASSWORD)).post("/api/auth/sign-in/email"));
  }

  @Test
  void showsWhereSomebodyIsSignedInAndEndsOneOfThem() {
    Response first = signUp(email);
    String own = cookiePair(first);
    String other = signInAgain();
    Response sessions = list(own);
    sessions
        .then()
        .statusCode(200)
        .body("$", hasSize(2))
        .body("[0].token", equalTo(first.path("token")))
        .body("[0].userId", equalTo(first.path("user.id")))
        .body("[1].token", equalTo(sessions.path("[1].id")));
    post(own, "revoke-session", Map.of("token", sessions.path("[1].token")))
        .then()
        .statusCode(200)
        .body("status", equalTo(true));
    isSignedIn(other, false);
    isSignedIn(own, true);
  }

  @Test
  void endsNobodyElsesSession() {
    Response theirs = signUp(freshEmail());
    String mine = cookiePair(signUp(email));
    post(mine, "revoke-session", Map.of("token", theirs.<String>path("token")))
        .then()
        .statusCode(200);
    isSignedIn(cookiePair(theirs), true);
  }

  @Test
  void endsAllButOneOrAll() {
    String own = cookiePair(signUp(email));
    String other = signInAgain();
    post(own, "revoke-other-sessions", Map.of()).then().statusCode(200);
    isSignedIn(other, false);
    isSignedIn(own, true);
    post(own, "revoke-sessions", Map.of()).then().body("status", equalTo(true));
    isSignedIn(own, false);
  }

  @Test
  void isForNobodyButTheOwner() {
    call().get("/api/auth/list-sessions").then().statusCode(401).body(equalTo(""));
    call().post("/api/auth/revoke-other-sessions").then().statusCode(401);
    call().body("{}").post("/api/auth/revoke-session").then().statusCode(400);
    call().body(Map.of("token", "x")).post("/api/auth/revoke-session").then().statusCode(401);
    call()
        .header("x-api-key", freshKey())
        .get("/api/auth/list-sessions")
        .then()
        .statusCode(200)
        .body("$", hasSize(0));
  }

  @Test
  void changesTheNameAndIssuesTheCookieAgain() {
    String cookie = cookiePair(signUp(email));
    Response updated = post(cookie, "update-user", Map.of("name", "Ada Lovelace"));
    updated.then().statusCode(200).body("status", equalTo(true));
    assertThat(updated.header("set-cookie")).startsWith(cookie + "; Max-Age=604800;");
    call().header("cookie", cookie).get("/api/me").then().body("userName", equalTo("Ada Lovelace"));
    post(cookie, "update-user", Map.of())
        .then()
        .statusCode(400)
        .body("code", equalTo("NO_FIELDS_TO_UPDATE"));
    post(cookie, "update-user", Map.of("email", freshEmail()))
        .then()
        .statusCode(400)
        .body("code", equalTo("EMAIL_CAN_NOT_BE_UPDATED"));
    post(cookie, "update-user", Map.of("name", 1))
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_ERROR"));
  }

  @Test
  void resetsNoPasswords() {
    post(freshLogin(), "request-password-reset", Map.of("email", email))
        .then()
        .statusCode(400)
        .body("code", equalTo("RESET_PASSWORD_ISNT_ENABLED"));
  }

  @Test
  void takesTextsForWhatTheyAre() {
    String injected = "x' OR '1'='1";
    call()
        .body(Map.of("email", injected + "@example.com", "password", PASSWORD))
        .post("/api/auth/sign-in/email")
        .then()
        .statusCode(400);
    call()
        .body(Map.of("email", email, "password", PASSWORD, "name", injected))
        .post("/api/auth/sign-up/email")
        .then()
        .statusCode(200)
        .body("user.name", equalTo(injected));
    call()
        .body(Map.of("email", freshEmail(), "password", PASSWORD, "name", "a\u0000b"))
        .post("/api/auth/sign-up/email")
        .then()
        .statusCode(400);
  }
}
