package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.register;
import static dev.agentrelay.auth.TestingClient.signUp;
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
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Accounts and passwords (rest.md 2.4). */
@QuarkusTest
@RealStores
class LoginTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

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
  void anAccountMayHaveAPicture() {
    String picture = "https://pictures.example/ada.png";
    call()
        .body(Map.of("email", freshEmail(), "password", PASSWORD, "name", "Ada", "image", picture))
        .post("/api/auth/sign-up/email")
        .then()
        .statusCode(200)
        .body("user.image", equalTo(picture));
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

  @Test
  void aKeyChangesNoPassword() {
    String email = freshEmail();
    String key = register(email, PASSWORD).path("key");
    call()
        .header("x-api-key", key)
        .body(Map.of("currentPassword", PASSWORD, "newPassword", "An0ther-Passw0rd"))
        .post("/api/auth/change-password")
        .then()
        .statusCode(401)
        .body(equalTo(""));
    signIn(Map.of("email", email, "password", PASSWORD)).then().statusCode(200);
  }

  private static Response change(String cookie, Map<String, ?> body) {
    return call().header("cookie", cookie).body(body).post("/api/auth/change-password");
  }
}
