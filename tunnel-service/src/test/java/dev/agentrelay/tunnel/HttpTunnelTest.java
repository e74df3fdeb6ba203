package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP through a tunnel: U1 and U2 of rest.md 6.6, tunnel.md 2.9 and 3.7. */
@QuarkusTest
class HttpTunnelTest extends TunnelTest {
  private static final Map<String, ?> TEXT = Map.of("content-type", "text/plain");

  @Test
  void aGetHasTheFramesThatTheRunnerKnows() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/a/b?x=1").header("accept", "*/*").header("x-own", "kept"));
    JSONObject request = tunnel.awaitRequest("/a/b?x=1");
    tunnel.await("request-data-end", idOf(request));
    assertThat(request.keySet())
        .containsExactlyInAnyOrder("type", "id", "port", "method", "url", "headers");
    assertThat(request.optInt("port")).isEqualTo(PORT);
    assertThat(request.optString("method")).isEqualTo("GET");
    assertThat(Json.objectAt(request, "headers").toMap())
        .containsEntry("accept", "*/*")
        .containsEntry("x-own", "kept")
        .doesNotContainKeys("host", "x-api-key", "accept-encoding", "content-length");
    tunnel.respond(idOf(request), 201, Map.of("content-type", "image/x-own"), "body");
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo("body");
    assertThat(answer.headers().map())
        .containsEntry("content-type", List.of("image/x-own"))
        .containsEntry("x-frame-options", List.of("SAMEORIGIN"))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("x-xss-protection", List.of("0"))
        .containsEntry("referrer-policy", List.of("same-origin"))
        .containsEntry("permissions-policy", List.of("camera=(), microphone=(), geolocation=()"))
        .doesNotContainKey("content-security-policy");
  }

  @Test
  void aSessionsTunnelIsThatOfItsRunner() {
    ScriptedTunnel tunnel = tunnel();
    String path = "/api/tunnel/" + session(user, runner.value()) + "/0" + PORT + "/x";
    CompletableFuture<HttpResponse<String>> waiting = send(mine(path));
    JSONObject request = tunnel.awaitRequest("/x");
    assertThat(request.optInt("port")).isEqualTo(PORT);
    tunnel.respond(idOf(request), 200, TEXT, "through the session");
    assertThat(answer(waiting).body()).isEqualTo("through the session");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
  void aBodyGoesToTheAppAsItCame(String method) {
    ScriptedTunnel tunnel = tunnel();
    byte[] body = new byte[200_000];
    new Random(1).nextBytes(body);
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/up").method(method, BodyPublishers.ofByteArray(body)));
    String id = idOf(tunnel.awaitRequest("/up"));
    tunnel.await("request-data-end", id);
    assertThat(tunnel.bodyOf(id)).isEqualTo(body);
    tunnel.respond(id, 200, TEXT, method);
    assertThat(answer(waiting).body()).isEqualTo(method);
  }

  @Test
  void aLongUploadToARunnersTunnelIsTaken() {
    ScriptedTunnel tunnel = tunnel();
    byte[] body = new byte[8 * 1024 * 1024];
    new Random(2).nextBytes(body);
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/up").POST(BodyPublishers.ofByteArray(body)));
    JSONObject request = tunnel.awaitRequest("/up");
    assertThat(Json.objectAt(request, "headers").optString("content-length"))
        .isEqualTo(String.valueOf(body.length));
    tunnel.await("request-data-end", idOf(request));
    assertThat(tunnel.bodyOf(idOf(request))).isEqualTo(body);
    tunnel.respond(idOf(request), 200, TEXT, "ok");
    assertThat(answer(waiting).statusCode()).isEqualTo(200);
  }

  @Test
  void anAnswerBeforeTheUploadEndsIsPassedOn() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("POST", "/early", "Content-Length: 1000000\r\n")) {
      viewer.getOutputStream().write(new byte[1000]);
      String id = idOf(tunnel.awaitRequest("/early"));
      tunnel.respond(id, 413, TEXT, "too much");
      assertThat(readUntil(viewer, "too much")).startsWith("HTTP/1.1 413");
    }
    // the runner's connection to the app, with half a request on it, must not be the next one's
    JSONObject sweep = tunnel.awaitRequest("/");
    assertThat(sweep.optString("method")).isEqualTo("HEAD");
    tunnel.await("request-data-end", idOf(sweep));
    tunnel.await("request-end", idOf(sweep));
  }

  @Test
  void headHasHeadersAndNoBody() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/h").method("HEAD", BodyPublishers.noBody()));
    JSONObject request = tunnel.awaitRequest("/h");
    tunnel.await("request-data-end", idOf(request));
    tunnel.respond(
        idOf(request), 200, Map.of("content-type", "text/html", "content-length", "420"), "");
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.headers().firstValue("content-length")).contains("420");
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void anAnswerWithoutABodyHasNoLength(int status) {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/n"));
    tunnel.respond(
        idOf(tunnel.awaitRequest("/n")),
        status,
        Map.of("content-length", "0", "etag", "\"x\"", "content-type", "text/html"),
        "");
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().map()).doesNotContainKey("content-length");
    assertThat(answer.headers().firstValue("etag")).contains("\"x\"");
  }

  @Test
  void aRangeIsPassedOnAndItsAnswerLeftAlone() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/page").header("Range", "bytes=0-9"));
    JSONObject request = tunnel.awaitRequest("/page");
    assertThat(Json.objectAt(request, "headers").optString("range")).isEqualTo("bytes=0-9");
    tunnel.respond(
        idOf(request),
        206,
        Map.of(
            "content-type", "text/html", "content-range", "bytes 0-9/40", "content-length", "10"),
        "<a href=\"/");
    assertThat(answer(waiting).body()).isEqualTo("<a href=\"/");
  }

  @Test
  void eventsAreSeenWhenTheyComeHoweverLate() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(mine(base() + "/sse").build(), BodyHandlers.ofInputStream());
    String id = idOf(tunnel.awaitRequest("/sse"));
    tunnel.responseStart(id, 200, Map.of("content-type", "text/event-stream"));
    try (InputStream events = waiting.get().body()) { // the head comes before any event
      for (int i = 0; i < 4; i++) { // two seconds, past the wait for the head
        awaitPing(tunnel);
      }
      for (int i = 0; i < 3; i++) {
        byte[] event = ("data: " + i + "\n\n").getBytes(StandardCharsets.UTF_8);
        tunnel.responseData(id, event);
        assertThat(events.readNBytes(event.length)).isEqualTo(event);
      }
    }
    tunnel.await("request-end", id); // the viewer has left
  }
}
