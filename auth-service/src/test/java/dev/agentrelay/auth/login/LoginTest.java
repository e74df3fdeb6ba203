package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static dev.agentrelay.auth.TestingClient.signUp;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class LoginTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @Inject EntityManager database;
  @Inject UserTransaction transaction;

  private static Response signIn(Map<String, ?> body) {
    return call().body(body).post("/api/auth/sign-in/email");
  }

  private static Response session(String cookie) {
    return call().header("cookie", cookie).get("/api/auth/get-session");
  }

  @Test
  void signingUpMakesAnAccountAndSignsIn() {
    String email = freshEmail();
    Response answer = signUp(email.toUpperCase(Locale.ROOT));
    answer
        .then()
        .statusCode(200)
        .header("content-type", "application/json")
        .body("token", matchesPattern("[a-zA-Z0-9]{32}"))
        .body("user.id", matchesPattern("[a-zA-Z0-9]{32}"))
        .body("user.name", equalTo("Ada"))
        .body("user.email", equalTo(email))
        .body("user.emailVerified", equalTo(false))
        .body("user", hasKey("image"))
        .body("user.image", nullValue())
        .body("user.createdAt", matchesPattern(TIME))
        .body("user.updatedAt", matchesPattern(TIME));
    // The form of the recorded cookie: percent-encoded padded base64 behind the token.
    assertThat(answer.header("set-cookie"))
        .matches(
            "better-auth\\.session_token=[a-zA-Z0-9]{32}\\.(?:[a-zA-Z0-9]|%2B|%2F){43}%3D"
                + "; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax");
    assertThat(answer.header("set-cookie")).contains("=" + answer.path("token") + ".");
  }

  @Test
  void signingUpSaysWhatIsWrong() {
    call()
        .body(Map.of("email", "nobody", "password", PASSWORD))
        .post("/api/auth/sign-up/email")
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_ERROR"))
        .body(
            "message",
            equalTo(
                "[body.name] Invalid input: expected string, received undefined;"
                    + " [body.email] Invalid email address"));
    refusedPassword("Sh0rt", "PASSWORD_TOO_SHORT");
    refusedPassword("Aa1" + "x".repeat(126), "PASSWORD_TOO_LONG");
    refusedPassword("nocapitals1", "PASSWORD_TOO_WEAK");
    String email = freshEmail();
    signUp(email).then().statusCode(200);
    signUp(email)
        .then()
        .statusCode(422)
        .body("code", equalTo("USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"))
        .body("message", equalTo("User already exists. Use another email."));
  }

  private static void refusedPassword(String password, String code) {
    call()
        .body(Map.of("email", freshEmail(), "password", password, "name", "Ada"))
        .post("/api/auth/sign-up/email")
        .then()
        .statusCode(400)
        .body("code", equalTo(code));
  }

  @Test
  void signsInWhateverTheCaseOfTheAddress() {
    String email = freshEmail();
    signUp(email);
    Response answer = signIn(Map.of("email", email.toUpperCase(Locale.ROOT), "password", PASSWORD));
    answer
        .then()
        .statusCode(200)
        .body("redirect", equalTo(false))
        .body("token", matchesPattern("[a-zA-Z0-9]{32}"))
        .body("user.email", equalTo(email));
    session(cookiePair(answer))
        .then()
        .statusCode(200)
        .body("session.token", equalTo(answer.path("token")))
        .body("session.expiresAt", matchesPattern(TIME))
        .body("session.id", matchesPattern("[a-zA-Z0-9]{32}"))
        .body("session.userId", equalTo(answer.path("user.id")))
        .body("session.ipAddress", notNullValue())
        .body("session.userAgent", notNullValue())
        .body("user.email", equalTo(email));
  }

  @Test
  void acceptsAForm() {
    String email = freshEmail();
    signUp(email);
    call()
        .contentType("application/x-www-form-urlencoded")
        .body("email=" + email.replace("@", "%40") + "&password=Oracle-Passw0rd%21")
        .post("/api/auth/sign-in/email")
        .then()
        .statusCode(200);
  }

  @Test
  void refusesTheUnknownAndTheWrongAlike() {
    String email = freshEmail();
    signUp(email);
    for (String who : new String[] {email, freshEmail()}) {
      signIn(Map.of("email", who, "password", "Wrong-Passw0rd"))
          .then()
          .statusCode(401)
          .body("code", equalTo("INVALID_EMAIL_OR_PASSWORD"))
          .body("message", equalTo("Invalid email or password"))
          .body("$", not(hasKey("error")));
    }
    signIn(Map.of("email", "nobody", "password", "x"))
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_EMAIL"));
    signIn(Map.of("email", email)).then().statusCode(400).body("code", equalTo("VALIDATION_ERROR"));
    call()
        .body("{broken")
        .post("/api/auth/sign-in/email")
        .then()
        .statusCode(400)
        .body("message", equalTo("Invalid JSON body"));
  }

  @Test
  void aLoginThatIsNotRememberedEndsWithTheBrowser() {
    String email = freshEmail();
    signUp(email);
    Response answer = signIn(Map.of("email", email, "password", PASSWORD, "rememberMe", false));
    assertThat(answer.headers().getValues("set-cookie"))
        .hasSize(2)
        .allSatisfy(cookie -> assertThat(cookie).doesNotContain("Max-Age"))
        .last()
        .asString()
        .startsWith("better-auth.dont_remember=true.");
  }

  @Test
  void nobodyIsNull() {
    call().get("/api/auth/get-session").then().statusCode(200).body(equalTo("null"));
  }

  @Test
  void forgedAndTruncatedCookiesAreNobodyAndAreLeftAlone() {
    String cookie = freshLogin();
    String other = freshLogin();
    String signature = other.substring(other.indexOf('.', "better-auth.".length()));
    String token = cookie.substring(0, cookie.indexOf('.', "better-auth.".length()));
    for (String forged :
        new String[] {
          token + signature,
          token,
          cookie.substring(0, cookie.length() - 1),
          cookie.replace("%3D", ""),
          "better-auth.session_token=%zz"
        }) {
      Response answer = session(forged);
      answer.then().statusCode(200).body(equalTo("null"));
      assertThat(answer.header("set-cookie")).isNull();
    }
  }

  @Test
  void signingOutEndsTheSessionAndClearsTheCookies() {
    String cookie = freshLogin();
    Response answer = call().header("cookie", cookie).body("{}").post("/api/auth/sign-out");
    answer.then().statusCode(200).body("success", equalTo(true));
    assertThat(answer.headers().getValues("set-cookie"))
        .containsExactly(
            "better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
            "better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
            "better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    Response gone = session(cookie);
    gone.then().statusCode(200).body(equalTo("null"));
    assertThat(gone.headers().getValues("set-cookie")).hasSize(3);
    call().post("/api/auth/sign-out").then().statusCode(200);
  }

  @Test
  void aSessionIsExtendedADayAfterItsLastExtension() throws Exception {
    String cookie = freshLogin();
    Response young = session(cookie);
    assertThat(young.header("set-cookie")).isNull();
    transaction.begin();
    database
        .createNativeQuery(
            "UPDATE auth.login_session SET updated_at = :then, expires_at = :end WHERE id = :id")
        .setParameter("then", Instant.now().minus(Duration.ofHours(25)))
        .setParameter("end", Instant.now().plus(Duration.ofDays(2)))
        .setParameter("id", young.<String>path("session.id"))
        .executeUpdate();
    transaction.commit();
    Response old = session(cookie);
    assertThat(old.header("set-cookie")).startsWith(cookie + "; Max-Age=604800;");
    assertThat(Instant.parse(old.<String>path("session.expiresAt")))
        .isAfter(Instant.now().plus(Duration.ofDays(6)));
  }

  @Test
  void changesThePasswordAndEndsOtherSessionsWhenAsked() {
    String email = freshEmail();
    String cookie = cookiePair(signUp(email));
    change(cookie, Map.of("currentPassword", PASSWORD, "newPassword", "weak"))
        .then()
        .statusCode(400)
        .body(
            "error",
            equalTo(
                "Password must be at least 8 characters long, no more than 128 characters, and"
                    + " contain at least one uppercase letter, one lowercase letter, and one"
                    + " number"));
    change(cookie, Map.of("currentPassword", "Wrong-Passw0rd", "newPassword", "An0ther-Passw0rd"))
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PASSWORD"));
    change(
            "better-auth.session_token=forged",
            Map.of("currentPassword", PASSWORD, "newPassword", "An0ther-Passw0rd"))
        .then()
        .statusCode(401)
        .body(equalTo(""));
    Response changed =
        change(
            cookie,
            Map.of(
                "currentPassword",
                PASSWORD,
                "newPassword",
                "An0ther-Passw0rd",
                "revokeOtherSessions",
                true));
    changed.then().statusCode(200).body("user.email", equalTo(email));
    session(cookie).then().body(equalTo("null"));
    session(cookiePair(changed)).then().body("user.email", equalTo(email));
    signIn(Map.of("email", email, "password", PASSWORD)).then().statusCode(401);
    signIn(Map.of("email", email, "password", "An0ther-Passw0rd")).then().statusCode(200);
  }

  private static Response change(String cookie, Map<String, ?> body) {
    return call().header("cookie", cookie).body(body).post("/api/auth/change-password");
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
        .header("x-retry-after", matchesPattern("[1-9]|10"))
        .body(equalTo("{\"message\":\"Too many requests. Please try again later.\"}"));
  }

  private static Response from(String address, Map<String, String> body) {
    return given()
        .header("x-forwarded-for", address)
        .contentType("application/json")
        .body(body)
        .post("/api/auth/sign-in/email");
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
