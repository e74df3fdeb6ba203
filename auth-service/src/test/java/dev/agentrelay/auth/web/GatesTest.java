package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every request passes before its resource, as rest.md 1 has it. */
@QuarkusTest
@RealStores
class GatesTest {
  private static final int MOST = 1_048_576;
  private static final String TOO_LONG = "Payload Too Large: body exceeds 1048576 bytes";

  @TestHTTPResource("/")
  URI service;

  private static String json(int bytes) {
    String start = "{\"email\":\"";
    String end = "\"}";
    return start + "x".repeat(bytes - start.length() - end.length()) + end;
  }

  @Test
  void aBodyOfTheGreatestLengthPassesAndOneMoreByteDoesNot() {
    call().body(json(MOST)).post("/api/register").then().statusCode(400);
    for (String path : new String[] {"/api/register", "/api/nothing", "/api/auth/sign-in/email"}) {
      Response refused = call().body(json(MOST + 1)).post(path);
      refused.then().statusCode(413).body("error", equalTo(TOO_LONG));
    }
  }

  /** What has no body to speak of is not measured (rest.md 1.6). */
  @Test
  void aBodyOfAnotherMethodHasNoLimit() {
    call()
        .header("x-api-key", freshKey())
        .body(json(2 * MOST))
        .delete("/api/me")
        .then()
        .statusCode(404)
        .body("error", equalTo("Not found"));
  }

  @Test
  void whatIsNotThereIsNotFoundWhateverTheCredential() {
    for (String path : new String[] {"/api/nothing", "/api/me/nothing", "/api/settings/nothing"}) {
      call()
          .header("x-api-key", "wrong")
          .get(path)
          .then()
          .statusCode(404)
          .body("error", equalTo("Not found"));
    }
  }

  @Test
  void aBodyOfUnknownLengthIsCounted() throws Exception {
    assertThat(chunked("/api/register", json(MOST)).body()).contains("Missing required fields");
    for (int tooMany : new int[] {MOST + 1, 2 * MOST}) {
      HttpResponse<String> refused = chunked("/api/register", json(tooMany));
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(refused.body()).contains(TOO_LONG).contains("payload_too_large");
    }
    HttpResponse<String> small = chunked("/failing/json", "{\"a\":\"b\"}");
    assertThat(small.body()).isEqualTo("{\"a\":\"b\"}");
  }

  private HttpResponse<String> chunked(String path, String body) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(
          HttpRequest.newBuilder(service.resolve(path))
              .header("x-forwarded-for", freshAddress())
              .header("content-type", "application/json")
              .POST(
                  BodyPublishers.ofInputStream(
                      () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void aLengthThatIsNoNumberIsRefused() throws IOException {
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /api/register HTTP/1.1\r\nHost: x\r\nContent-Length: 1abc\r\n\r\n{}"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 400");
    }
  }

  @Test
  void headAndOptionsAreNotThere() {
    given().header("x-api-key", freshKey()).head("/api/me").then().statusCode(404);
    given().head("/api/auth/ok").then().statusCode(404).body(equalTo(""));
    given().options("/api/me").then().statusCode(404).body("error", equalTo("Not found"));
    given().options("/api/auth/ok").then().statusCode(404).body(equalTo(""));
    call().get("/api/me/").then().statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/me", "/api/nothing", "/api/auth/ok", "/api/auth/nothing"})
  void everyAnswerTellsBrowsersWhatToKeepTo(String path) {
    call()
        .get(path)
        .then()
        .header("x-content-type-options", "nosniff")
        .header("x-xss-protection", "0")
        .header("referrer-policy", "strict-origin-when-cross-origin")
        .header("permissions-policy", "camera=(), microphone=(), geolocation=()")
        .header("x-frame-options", "DENY")
        .header(
            "content-security-policy",
            equalTo(
                "default-src 'self'; script-src 'self' 'wasm-unsafe-eval';"
                    + " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
                    + " media-src 'self' data: blob:; connect-src 'self' ws: wss: blob:;"
                    + " font-src 'self' data:; object-src 'none'; base-uri 'self';"
                    + " form-action 'self'; frame-src 'self'"));
  }

  @Test
  void aMalformedEscapeIsTheCallersFault() throws IOException {
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/setup-claim/%zz HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 400");
    }
  }

  @Test
  void aKeyIsNotHeldUpByAForeignPage() {
    given()
        .header("x-api-key", freshKey())
        .header("origin", "https://evil.example")
        .contentType("application/json")
        .body("{}")
        .put("/api/settings/subagent-model")
        .then()
        .statusCode(200);
    given()
        .header("x-api-key", freshKey())
        .header("cookie", freshLogin())
        .header("origin", "https://evil.example")
        .contentType("application/json")
        .body(Map.of())
        .put("/api/settings/subagent-model")
        .then()
        .statusCode(403)
        .body("error", equalTo("Cross-origin request rejected"));
  }

  @Test
  void aHeaderCannotBeSmuggledIn() {
    given()
        .header("x-forwarded-for", "1.2.3.4, not an address")
        .header("cookie", "better-auth.session_token=a%0d%0aset-cookie:%20b=c")
        .get("/api/auth/get-session")
        .then()
        .statusCode(200)
        .body(equalTo("null"))
        .header("set-cookie", nullValue());
  }
}
