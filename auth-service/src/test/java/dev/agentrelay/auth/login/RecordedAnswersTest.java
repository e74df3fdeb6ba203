package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static dev.agentrelay.auth.TestingClient.signUp;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Answers character by character as the web UI got them from the original, but for ids, tokens and
 * times, which are written {@code <id>} and {@code <time>}.
 */
@QuarkusTest
@RealStores
class RecordedAnswersTest {
  private final String email = freshEmail();
  private final String user =
      "{\"name\":\"Ada\",\"email\":\""
          + email
          + "\",\"emailVerified\":false,\"image\":null,"
          + "\"createdAt\":\"<time>\",\"updatedAt\":\"<time>\",\"id\":\"<id>\"}";

  private static void isJson(Response answer, String expected) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(shape(answer)).isEqualTo(expected);
  }

  private static String shape(Response answer) {
    return answer
        .asString()
        .replaceAll("\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"", "\"<time>\"")
        .replaceAll("\"[a-zA-Z0-9]{32}\"", "\"<id>\"");
  }

  private static Response post(String cookie, String path, Object body) {
    return call().header("cookie", cookie).body(body).post("/api/auth/" + path);
  }

  @Test
  void signingUpInAndOut() {
    isJson(signUp(email), "{\"token\":\"<id>\",\"user\":" + user + "}");
    Response signedIn =
        given()
            .header("x-forwarded-for", "192.0.2.1")
            .header("user-agent", "Browser/1")
            .contentType("application/json")
            .body(Map.of("email", email, "password", PASSWORD))
            .post("/api/auth/sign-in/email");
    isJson(signedIn, "{\"redirect\":false,\"token\":\"<id>\",\"user\":" + user + "}");
    String cookie = cookiePair(signedIn);
    isJson(
        call().header("cookie", cookie).get("/api/auth/get-session"),
        "{\"session\":{\"expiresAt\":\"<time>\",\"token\":\"<id>\",\"createdAt\":\"<time>\","
            + "\"updatedAt\":\"<time>\",\"ipAddress\":\"192.0.2.1\",\"userAgent\":\"Browser/1\","
            + "\"userId\":\"<id>\",\"id\":\"<id>\"},\"user\":"
            + user
            + "}");
    isJson(post(cookie, "sign-out", "{}"), "{\"success\":true}");
    isJson(call().header("cookie", cookie).get("/api/auth/get-session"), "null");
    isJson(call().get("/api/auth/ok"), "{\"ok\":true}");
  }

  @Test
  void changingThePassword() {
    String cookie = cookiePair(signUp(email));
    Map<String, String> change =
        Map.of("currentPassword", PASSWORD, "newPassword", "An0ther-Passw0rd");
    isJson(post(cookie, "change-password", change), "{\"token\":null,\"user\":" + user + "}");
  }

  @Test
  void makingAndDeletingKeys() {
    String cookie = freshLogin();
    Response made =
        post(
            cookie,
            "api-key/create",
            Map.of("name", "laptop", "prefix", "pzpe", "expiresIn", 86_400));
    assertThat(made.statusCode()).isEqualTo(200);
    assertThat(shape(made))
        .startsWith("{\"id\":\"<id>\",\"name\":\"laptop\",\"start\":\"pzpe")
        .contains("\"prefix\":\"pzpe\",\"userId\":\"<id>\",\"refillInterval\":null")
        .contains("\"expiresAt\":\"<time>\"");
    Response listed = call().header("cookie", cookie).get("/api/auth/api-key/list");
    assertThat(listed.asString()).startsWith("[{").endsWith("}]");
    isJson(
        post(cookie, "api-key/delete", Map.of("keyId", made.<String>path("id"))),
        "{\"success\":true}");
    isJson(call().header("cookie", cookie).get("/api/auth/api-key/list"), "[]");
  }

  @Test
  void failuresHaveCodeAndMessage() {
    Response refused =
        call()
            .body(Map.of("email", email, "password", "Wrong-Passw0rd"))
            .post("/api/auth/sign-in/email");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.header("content-type")).isEqualTo("application/json");
    assertThat(refused.asString())
        .isEqualTo(
            "{\"code\":\"INVALID_EMAIL_OR_PASSWORD\",\"message\":\"Invalid email or password\"}");
  }

  @Test
  void whoTheCallerIs() {
    String key = freshKey();
    Response me = given().header("x-api-key", key).get("/api/me");
    assertThat(me.header("content-type")).isEqualToIgnoringCase("application/json;charset=utf-8");
    assertThat(shape(me)).isEqualTo("{\"userId\":\"<id>\",\"userName\":\"Ada\"}");
    Response settings = given().header("x-api-key", key).get("/api/settings/hidden-models");
    assertThat(settings.asString()).isEqualTo("{\"hiddenModels\":[]}");
    Response status = given().get("/api/signup-status");
    assertThat(status.asString()).isEqualTo("{\"signupEnabled\":true}");
    Response version = given().get("/api/version");
    assertThat(version.asString()).isEqualTo("{\"version\":null}");
  }

  /** A client that reads a body by its type must not take this text for JSON. */
  @Test
  void aRefusalInPlainTextIsNotCalledJson() {
    for (Response refused :
        new Response[] {
          given().get("/api/me"),
          given().header("x-api-key", "wrong").get("/api/me"),
          given().get("/api/me?apiKey=" + freshKey())
        }) {
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(String.valueOf(refused.header("content-type"))).doesNotContain("json");
    }
  }
}
