package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request reaches the app, and what of its answer the viewer (tunnel.md 3.4 to 3.6). */
@QuarkusTest
class TunnelHeadersTest extends TunnelTest {
  private static final Map<String, ?> TEXT = Map.of("content-type", "text/plain");

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
            List.of(
                "a=1; Path=/; Domain=localhost",
                "b=2; Path=" + base() + "/in",
                "better-auth.session_token=x; HttpOnly")));
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
            "tunnel.b=2; Path=" + base() + "/in",
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

  @Test
  void whatActsOnAWholeOriginOrBelongsToOneHopIsLeftOut() {
    List<String> names =
        List.of(
            "service-worker-allowed",
            "clear-site-data",
            "strict-transport-security",
            "public-key-pins",
            "nel",
            "report-to",
            "reporting-endpoints",
            "alt-svc",
            "origin-agent-cluster",
            "access-control-allow-credentials",
            "authorization",
            "x-api-key",
            "cookie",
            "keep-alive",
            "proxy-authenticate",
            "te",
            "trailer",
            "upgrade");
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/all"));
    Map<String, Object> headers = new HashMap<>(TEXT);
    names.forEach(name -> headers.put(name, "said by the app"));
    headers.put("access-control-allow-origin", "https://other.example");
    tunnel.respond(idOf(tunnel.awaitRequest("/all")), 200, headers, "ok");
    assertThat(answer(waiting).headers().map())
        .containsEntry("access-control-allow-origin", List.of("https://other.example"))
        .doesNotContainKeys(names.toArray(String[]::new));
  }

  @Test
  void whatAViewerSaysOfItsHopStaysThereAndRepeatedHeadersAreOne() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String said =
        String.join(
            "\r\n",
            "Connection: keep-alive, X-Hop",
            "X-Hop: 1",
            "Proxy-Connection: keep-alive",
            "X-Two: a",
            "X-Two: b",
            "Cookie: tunnel.a=1",
            "Cookie: tunnel.b=2",
            "X-Forwarded-For: 6.6.6.6, 127.0.0.1",
            "X-Forwarded-Prefix: /evil",
            "Forwarded: for=6.6.6.6",
            "");
    try (Socket viewer = viewer("GET", "/hop", said)) {
      JSONObject request = tunnel.awaitRequest("/hop");
      assertThat(Json.objectAt(request, "headers").toMap())
          .containsEntry("x-two", "a, b")
          .containsEntry("cookie", "a=1; b=2")
          .containsEntry("x-forwarded-for", "127.0.0.1")
          .containsEntry("x-forwarded-prefix", base())
          .doesNotContainKeys("connection", "x-hop", "proxy-connection", "forwarded");
      tunnel.respond(idOf(request), 200, TEXT, "seen");
      readUntil(viewer, "seen");
    }
  }

  /** The runner's client would never answer (tunnel.md 2.9). */
  @ParameterizedTest
  @ValueSource(strings = {"X-Bad: a\u0001b", "X-Bad: \u007f", "X Bad: 1", "X(Bad): 1"})
  void aHeaderThatIsNoneIsRefusedBeforeTheRunnerHears(String header) throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("GET", "/bad", header + "\r\n")) {
      assertThat(readUntil(viewer, "\r\n")).startsWith("HTTP/1.1 400");
    }
    assertThat(tunnel.inbox().all())
        .noneMatch(frame -> frame.optString("type").equals("request-start"));
  }

  /** An app would wait for ever for a body that is announced and not sent. */
  @Test
  void aGetHasNoBodyAndTheNextRequestIsNotTakenForOne() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("GET", "/get", "Content-Length: 4\r\n")) {
      OutputStream out = viewer.getOutputStream();
      out.write("body".getBytes(StandardCharsets.US_ASCII));
      JSONObject request = tunnel.awaitRequest("/get");
      tunnel.await("request-data-end", idOf(request));
      assertThat(Json.objectAt(request, "headers").keySet()).doesNotContain("content-length");
      assertThat(tunnel.bodyOf(idOf(request))).isEmpty();
      tunnel.respond(idOf(request), 200, TEXT, "without");
      readUntil(viewer, "without");
      out.write(head("GET", "/next", "").getBytes(StandardCharsets.US_ASCII));
      tunnel.respond(idOf(tunnel.awaitRequest("/next")), 200, TEXT, "the next");
      assertThat(readUntil(viewer, "the next")).contains("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BASE/page, BASE/page",
    "http://0.0.0.0:5173/x, BASE/x",
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
    String said = location.replace("BASE", base());
    tunnel.respond(idOf(tunnel.awaitRequest("/go")), 302, Map.of("location", said), "");
    String expected =
        seen.replace("BASE", base()).replace("ROOT", "/api/tunnel/runner/" + runner + "/");
    assertThat(answer(waiting).headers().firstValue("location")).contains(expected);
  }
}
