package dev.agentrelay.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gates of rest.md 1 in front of each of the seven services. */
class GatesIT extends SuiteTest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String NO_CREDENTIAL = "Missing API key (x-api-key header)";
  private static final String BAD_KEY = "Invalid or expired API key";
  private static final String FOREIGN_PAGE = "Cross-origin request rejected";
  private static final int MOST = 1_048_576;

  private final String cookie =
      String.valueOf(
          new RelayClient(ClientOptions.of(suite.edge()).withOrigin(suite.edge().toString()))
              .signIn(me.email(), me.password())
              .options()
              .cookie());

  static Stream<Arguments> oneCallOfEachService() {
    return Stream.of(
        arguments("PUT", "/api/settings/hidden-models"),
        arguments("POST", "/api/runners/spawn"),
        arguments("PUT", "/api/sessions/unknown/pin"),
        arguments("POST", "/api/sessions/unknown/trigger"),
        arguments("POST", "/api/webhooks"),
        arguments("POST", "/api/push/subscribe"),
        arguments("POST", "/api/tunnel-token"));
  }

  private HttpResponse<String> send(
      String method, String path, BodyPublisher body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(suite.edge() + path))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .method(method, body);
    headers.forEach(request::header);
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> send(String method, String path, Map<String, String> headers) {
    return send(method, path, BodyPublishers.ofString("{}"), headers);
  }

  private static void isRefused(HttpResponse<String> answer, int status, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(text);
  }

  private static void isLetThrough(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isNotIn(401, 413);
    assertThat(answer.body()).doesNotContain(FOREIGN_PAGE);
  }

  @ParameterizedTest
  @MethodSource("oneCallOfEachService")
  void aCallPassesTheSameGates(String method, String path) {
    String key = me.apiKey();
    isRefused(send(method, path, Map.of()), 401, NO_CREDENTIAL);
    isRefused(send(method, path, Map.of("x-api-key", "wrong")), 401, BAD_KEY);
    isRefused(send(method, path, Map.of("x-api-key", "wrong", "Cookie", cookie)), 401, BAD_KEY);
    isRefused(
        send(method, path, Map.of("Cookie", "better-auth.session_token=forged")),
        401,
        NO_CREDENTIAL);
    isLetThrough(send(method, path, Map.of("x-api-key", key, "Cookie", "a=b")));
    isLetThrough(send(method, path, Map.of("Authorization", "Bearer " + key)));
    isLetThrough(send(method, path, Map.of("Cookie", cookie)));

    for (Map<String, String> page :
        List.of(
            Map.of("Cookie", cookie, "Origin", "https://evil.example"),
            Map.of("Cookie", cookie, "Origin", "null"),
            Map.of("Cookie", cookie, "Sec-Fetch-Site", "cross-site"),
            Map.of("Cookie", cookie, "x-api-key", key, "Origin", "https://evil.example"))) {
      HttpResponse<String> refused = send(method, path, page);
      isRefused(refused, 403, FOREIGN_PAGE);
      assertThat(Json.parse(refused.body()).getString("code")).isEqualTo("forbidden");
    }
    isLetThrough(send(method, path, Map.of("x-api-key", key, "Origin", "https://evil.example")));
    isLetThrough(send(method, path, Map.of("Cookie", cookie, "Origin", suite.edge().toString())));
    isLetThrough(send(method, path, Map.of("Cookie", cookie, "Sec-Fetch-Site", "same-site")));
  }

  @ParameterizedTest
  @MethodSource("oneCallOfEachService")
  void aBodyIsNoLongerThanAMegabyteHoweverItIsSent(String method, String path) {
    String tooLong = "Payload Too Large: body exceeds 1048576 bytes";
    byte[] body = " ".repeat(MOST + 1).getBytes(StandardCharsets.US_ASCII);
    Map<String, String> mine = Map.of("x-api-key", me.apiKey());
    isRefused(send(method, path, BodyPublishers.ofByteArray(body), mine), 413, tooLong);
    isRefused(send(method, path, chunked(body), mine), 413, tooLong);
    // The length is looked at before the credential.
    isRefused(send(method, path, BodyPublishers.ofByteArray(body), Map.of()), 413, tooLong);
    isLetThrough(send(method, path, BodyPublishers.ofByteArray(body, 0, MOST), mine));
  }

  private static BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/settings/nothing",
        "/api/runners/x/nothing",
        "/api/sessions/x/nothing",
        "/api/routes/x/nothing",
        "/api/webhooks/x/nothing",
        "/api/push/nothing",
        "/api/webhooks/",
        "/api/nothing"
      })
  void whatIsNotThereIsNotFoundByAnybody(String path) {
    for (Map<String, String> headers :
        List.of(Map.<String, String>of(), Map.of("x-api-key", me.apiKey()))) {
      isRefused(
          send("GET", path, BodyPublishers.noBody(), headers), 404, "{\"error\":\"Not found\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/settings/hidden-models",
        "/api/runners",
        "/api/sessions",
        "/api/sessions/unknown/triggers",
        "/api/webhooks",
        "/api/push/subscriptions"
      })
  void answersTellBrowsersWhatToKeepToAndOtherMethodsAreNotThere(String path) {
    for (Map<String, String> headers :
        List.of(Map.<String, String>of(), Map.of("x-api-key", me.apiKey()))) {
      HttpResponse<String> answer = send("GET", path, BodyPublishers.noBody(), headers);
      assertThat(answer.headers().map())
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("x-frame-options", List.of("DENY"))
          .containsEntry("referrer-policy", List.of("strict-origin-when-cross-origin"))
          .containsKey("content-security-policy")
          .doesNotContainKey("access-control-allow-origin");
      for (String method : List.of("HEAD", "OPTIONS")) {
        assertThat(send(method, path, BodyPublishers.noBody(), headers).statusCode())
            .isEqualTo(404);
      }
    }
  }
}
