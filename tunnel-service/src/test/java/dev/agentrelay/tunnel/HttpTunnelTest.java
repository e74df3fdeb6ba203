package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP through a tunnel: U1 and U2 of rest.md 6.6, tunnel.md 2.9 and 3. */
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
  void eventsAreSeenWhenTheyCome() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(mine(base() + "/sse").build(), BodyHandlers.ofInputStream());
    String id = idOf(tunnel.awaitRequest("/sse"));
    tunnel.responseStart(id, 200, Map.of("content-type", "text/event-stream"));
    try (InputStream events = waiting.get().body()) { // the head comes before any event
      for (int i = 0; i < 3; i++) {
        byte[] event = ("data: " + i + "\n\n").getBytes(StandardCharsets.UTF_8);
        tunnel.responseData(id, event);
        assertThat(events.readNBytes(event.length)).isEqualTo(event);
      }
    }
    tunnel.await("request-end", id); // the viewer has left
  }

  @Test
  void aViewerThatLeavesBeforeTheAnswerCancelsTheRequest() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    Socket viewer = viewer("GET", "/slow", "");
    String id = idOf(tunnel.awaitRequest("/slow"));
    viewer.close();
    tunnel.await("request-end", id);
  }

  @Test
  void anAnswerThatBreaksOffLooksBrokenOff() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/cut"));
    String id = idOf(tunnel.awaitRequest("/cut"));
    tunnel.responseStart(id, 200, TEXT);
    tunnel.responseData(id, new byte[1000]);
    tunnel.send(Json.object("type", "response-data-abort", "id", id, "reason", "reset"));
    assertThatThrownBy(() -> answer(waiting)).hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void anAnswerShorterThanItSaidLooksBrokenOff() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/short"));
    tunnel.respond(
        idOf(tunnel.awaitRequest("/short")),
        200,
        Map.of("content-type", "text/plain", "content-length", "100"),
        "only this");
    assertThatThrownBy(() -> answer(waiting)).hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void bytesBeyondTheLengthNeverReachTheViewer() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/long"));
    String id = idOf(tunnel.awaitRequest("/long"));
    tunnel.respond(
        id,
        200,
        Map.of("content-type", "text/plain", "content-length", "5"),
        "five!HTTP/1.1 200 OK\r\n\r\nsmuggled");
    assertThatThrownBy(() -> answer(waiting)).hasRootCauseInstanceOf(IOException.class);
    tunnel.await("request-end", id);
  }

  @Test
  void aRunnerThatVanishesBreaksTheDownloadWithinTwoSeconds() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(mine(base() + "/big").build(), BodyHandlers.ofInputStream());
    String id = idOf(tunnel.awaitRequest("/big"));
    tunnel.responseStart(id, 200, TEXT);
    tunnel.responseData(id, new byte[100_000]);
    InputStream body = waiting.get().body();
    body.readNBytes(100_000);
    Instant vanished = Instant.now();
    tunnel.kill();
    assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    assertThat(Duration.between(vanished, Instant.now())).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void aRunnerThatLeavesBeforeTheAnswerIsUnavailable() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/gone"));
    tunnel.awaitRequest("/gone");
    tunnel.kill();
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("\"error\":\"Runner not available\"");
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void anAppThatNeverAnswersTimesOutAndIsCancelled() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/never"));
    String id = idOf(tunnel.awaitRequest("/never"));
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.body()).contains("\"error\":\"Tunnel request timed out\"");
    tunnel.await("request-end", id);
  }

  @Test
  void aRunnerThatGivesUpIsAFailureOfTheTunnel() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/up"));
    String id = idOf(tunnel.awaitRequest("/up"));
    tunnel.send(Json.object("type", "request-end", "id", id));
    assertThat(answer(waiting).statusCode()).isEqualTo(502);
    assertThat(answer(waiting).body()).contains("Tunnel error: Runner aborted request");
  }

  @ParameterizedTest
  @CsvSource({
    "?raw, ?raw",
    "?import&url, ?import&url",
    "?a=%20b+~, ?a=%20b+~",
    "?apiKey=x&tunnelToken=y&a=1, ?a=1",
    "?a=1&api%4bey=x, ?a=1",
    "?apiKey=x, ''",
    "?=&&, ?=&&"
  })
  void queriesArePassedOnByteForByte(String query, String seen) throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("GET", "/q" + query, "")) {
      tunnel.respond(idOf(tunnel.awaitRequest("/q" + seen)), 200, TEXT, "seen");
      assertThat(readUntil(viewer, "seen")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void credentialsOfTheRelayNeverReachTheApp() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting =
        send(
            mine(base() + "/hdr")
                .header("Cookie", TestingIdentities.cookie(user) + "; other=1; tunnel.own=2")
                .header("Authorization", "Bearer secret")
                .header("Referer", "http://localhost:7492/session/1")
                .header("Accept-Encoding", "gzip")
                .header("TE", "trailers")
                .header("Proxy-Authorization", "Basic x")
                .header("Keep-Alive", "5")
                .header("X-Relay-Internal-Secret", "guess")
                .header("X-PizzaPi-Client-Ip", "1.2.3.4")
                .header("X-Forwarded-Host", "evil.example")
                .header("Origin", "http://localhost:7492"));
    JSONObject request = tunnel.awaitRequest("/hdr");
    Map<String, Object> headers = Json.objectAt(request, "headers").toMap();
    assertThat(headers)
        .containsEntry("cookie", "own=2")
        .containsEntry("origin", "http://127.0.0.1:" + PORT)
        .containsEntry("x-forwarded-prefix", base())
        .doesNotContainKeys(
            "authorization",
            "x-api-key",
            "referer",
            "accept-encoding",
            "te",
            "proxy-authorization",
            "keep-alive",
            "x-relay-internal-secret",
            "x-pizzapi-client-ip",
            "x-forwarded-host");
    assertThat(request.optBoolean("preserveAuth")).isTrue();
    tunnel.respond(idOf(request), 200, TEXT, "");
    assertThat(answer(waiting).statusCode()).isEqualTo(200);
  }

  @Test
  void whatAnAppSaysActsOnItsTunnelOnly() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/set"));
    Map<String, Object> headers = new HashMap<>();
    headers.put("content-type", "text/plain");
    headers.put(
        "set-cookie",
        new JSONArray(
            List.of("a=1; Path=/; Domain=localhost", "better-auth.session_token=x; HttpOnly")));
    headers.put("service-worker-allowed", "/");
    headers.put("clear-site-data", "\"*\"");
    headers.put("strict-transport-security", "max-age=1");
    headers.put("x-frame-options", "DENY");
    headers.put("content-security-policy", "default-src 'none'");
    headers.put("bad", "a\r\nset-cookie: injected=1");
    headers.put("bad name", "x");
    headers.put("connection", "x-hop");
    headers.put("x-hop", "1");
    tunnel.respond(idOf(tunnel.awaitRequest("/set")), 200, headers, "ok");
    Map<String, List<String>> seen = answer(waiting).headers().map();
    assertThat(seen.get("set-cookie"))
        .containsExactly(
            "tunnel.a=1; Path=" + base(),
            "tunnel.better-auth.session_token=x; HttpOnly; Path=" + base());
    assertThat(seen)
        .containsEntry("x-frame-options", List.of("SAMEORIGIN"))
        .containsEntry("content-security-policy", List.of("default-src 'none'"))
        .doesNotContainKeys(
            "service-worker-allowed",
            "clear-site-data",
            "strict-transport-security",
            "bad",
            "x-hop");
  }

  @ParameterizedTest
  @CsvSource({
    "/page?x=1#f, BASE/page?x=1#f",
    "http://127.0.0.1:5173/x, BASE/x",
    "http://localhost:5173, BASE/",
    "http://[::1]:5173/x, BASE/x",
    "http://localhost:4000/x, ROOT4000/x",
    "http://localhost:7492/x, BASE/x",
    "//cdn.example/x, //cdn.example/x",
    "https://cdn.example/x, https://cdn.example/x",
    "page, page"
  })
  void redirectsStayInTheTunnel(String location, String seen) {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/go"));
    tunnel.respond(idOf(tunnel.awaitRequest("/go")), 302, Map.of("location", location), "");
    String expected =
        seen.replace("BASE", base()).replace("ROOT", "/api/tunnel/runner/" + runner + "/");
    assertThat(answer(waiting).headers().firstValue("location")).contains(expected);
  }

  @Test
  void anAnswerOfTwentyThousandHeadersIsNone() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/many"));
    String id = idOf(tunnel.awaitRequest("/many"));
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      headers.put("x-" + i, "v");
    }
    tunnel.responseStart(id, 200, headers);
    tunnel.responseEnd(id);
    assertThat(answer(waiting).statusCode()).isEqualTo(502);
  }

  @Test
  void moreRequestsThanARunnerMayHaveAreToldToComeAgain() {
    ScriptedTunnel tunnel = tunnel();
    List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      open.add(send(mine(base() + "/" + i)));
    }
    for (int i = 0; i < 64; i++) {
      tunnel.awaitRequest("/" + i);
    }
    HttpResponse<String> refused = exchange(mine(base() + "/more"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(open).noneMatch(CompletableFuture::isDone);
  }

  /** A viewer of bytes, for what an HTTP client would put right. */
  Socket viewer(String method, String url, String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    OutputStream out = socket.getOutputStream();
    out.write(
        (method
                + " "
                + base()
                + url
                + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: "
                + TestingIdentities.apiKey(user)
                + "\r\n"
                + headers
                + "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return socket;
  }

  static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int one = in.read(); one >= 0; one = in.read()) {
      text.append((char) one);
      if (text.toString().endsWith(end)) {
        break;
      }
    }
    return text.toString();
  }
}
