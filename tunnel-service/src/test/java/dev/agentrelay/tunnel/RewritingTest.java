package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers are rewritten, and that their headers fit them (tunnel.md 3.5, 4.1, 4.5). */
@QuarkusTest
class RewritingTest extends TunnelTest {
  private static final String PAGE = "<head></head><a href=\"/x\">";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "text/html; charset=utf-8, `<a href=\"/x\">`, `<a href=\"BASE/x\">`",
        "TEXT/HTML, `<a href=\"/x\">`, `<a href=\"BASE/x\">`",
        "application/xhtml+xml, `<a href=\"/x\"/>`, `<a href=\"BASE/x\"/>`",
        "text/javascript, import '/x', import 'BASE/x'",
        "application/x-javascript, import '/x', import 'BASE/x'",
        "application/typescript, import '/x', import 'BASE/x'",
        "text/css, @import '/x', @import 'BASE/x'",
        "application/json, import '/x', import '/x'",
        "text/plain, import '/x', import '/x'",
        "image/svg+xml, `<a href=\"/x\"/>`, `<a href=\"/x\"/>`"
      })
  void theTypeTellsWhatIsRewritten(String type, String sent, String seen) {
    HttpResponse<String> answer = seen(Map.of("content-type", type), sent);
    assertThat(answer.body()).endsWith(seen.replace("BASE", base()));
  }

  @Test
  void whatIsCompressedStaysAsItIs() throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(PAGE.getBytes(StandardCharsets.US_ASCII));
    }
    Map<String, Object> headers = new HashMap<>();
    headers.put("content-type", "text/html");
    headers.put("content-encoding", "gzip");
    headers.put("content-length", String.valueOf(compressed.size()));
    headers.put("etag", "\"a\"");
    HttpResponse<byte[]> answer = seen(headers, compressed.toByteArray());
    assertThat(answer.body()).isEqualTo(compressed.toByteArray());
    assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(answer.headers().firstValue("etag")).contains("\"a\"");
  }

  @ParameterizedTest
  @CsvSource({"utf-16, UTF-16", "utf-16le, UTF-16LE"})
  void aCharsetWithoutAsciiStaysAsItIs(String declared, String charset) throws Exception {
    byte[] page = PAGE.getBytes(charset);
    assertThat(seen(Map.of("content-type", "text/html; charset=" + declared), page).body())
        .isEqualTo(page);
  }

  @Test
  void headersAboutTheFormerBytesAreLeftOut() {
    Map<String, Object> headers = new HashMap<>();
    headers.put("content-type", "text/css");
    headers.put("content-length", "12");
    headers.put("content-md5", "x");
    headers.put("digest", "sha-256=x");
    headers.put("repr-digest", "sha-256=:x:");
    headers.put("accept-ranges", "bytes");
    HttpResponse<String> answer = seen(headers, "@import '/x'");
    assertThat(answer.headers().map())
        .doesNotContainKeys(
            "content-length", "content-md5", "digest", "repr-digest", "accept-ranges")
        .containsEntry("vary", List.of("Sec-Fetch-Dest"));
  }

  @Test
  void aRewrittenAnswerHasATagOfItsOwnAndTheAppGetsBackIts() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> first = send(mine(base() + "/a.css"));
    Map<String, ?> headers = Map.of("content-type", "text/css", "etag", "\"v1\"");
    tunnel.respond(idOf(tunnel.awaitRequest("/a.css")), 200, headers, "a{}");
    String tag = answer(first).headers().firstValue("etag").orElseThrow();
    assertThat(tag).startsWith("W/\"v1").isNotEqualTo("W/\"v1\"");

    CompletableFuture<HttpResponse<String>> again =
        send(mine(base() + "/a.css?2").header("If-None-Match", tag));
    JSONObject request = tunnel.awaitRequest("/a.css?2");
    assertThat(Json.objectAt(request, "headers").optString("if-none-match"))
        .isEqualTo("\"v1\", W/\"v1\"");
    tunnel.respond(idOf(request), 304, Map.of("etag", "\"v1\""), "");
    assertThat(answer(again).statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "script-src 'self'; frame-ancestors 'none'; base-uri 'none' | script-src 'self' HASH",
        "default-src 'self' | default-src 'self'; script-src 'self' HASH",
        "script-src 'none' | script-src HASH",
        "script-src 'self' 'unsafe-inline' | script-src 'self' 'unsafe-inline'",
        "script-src 'nonce-n1' 'strict-dynamic' | script-src 'nonce-n1' 'strict-dynamic'",
        "img-src 'self' | img-src 'self'"
      })
  void thePolicyOfAnAppLetsTheRuntimeScriptRun(String policy, String seen) {
    Map<String, Object> headers =
        Map.of("content-type", "text/html", "content-security-policy", policy);
    HttpResponse<String> answer = seen(headers, PAGE);
    assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
        .matches(quoted(seen).replace("HASH", "\\E'sha256-[A-Za-z0-9+/=]{44}'\\Q"));
    assertThat(answer.body().contains("<script nonce=\"n1\">")).isEqualTo(policy.contains("n1"));
  }

  private static String quoted(String text) {
    return "\\Q" + text + "\\E";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "refresh | 3; url=/x | 3; url=BASE/x",
        "link | </x.css>; rel=preload, <https://c.example/y>; rel=next | <BASE/x.css>;"
            + " rel=preload, <https://c.example/y>; rel=next",
        "sourcemap | /x.js.map | BASE/x.js.map",
        "x-sourcemap | /x.js.map | BASE/x.js.map",
        "content-location | /x | BASE/x"
      })
  void addressesInHeadersLeadIntoTheTunnel(String name, String value, String seen) {
    HttpResponse<String> answer = seen(Map.of("content-type", "text/plain", name, value), "");
    assertThat(answer.headers().firstValue(name)).contains(seen.replace("BASE", base()));
  }

  /** The original holds what it rewrites back until it is complete, up to 25 MiB. */
  @Test
  void aStyleSheetOfAnyLengthIsRewrittenAsItComes() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/long.css"));
    String id = idOf(tunnel.awaitRequest("/long.css"));
    tunnel.responseStart(id, 200, Map.of("content-type", "text/css"));
    String piece = "/*" + "x".repeat(256 * 1024) + "*/a{b:url(/x)}\n";
    int pieces = 110;
    for (int i = 0; i < pieces; i++) {
      tunnel.responseData(id, piece.getBytes(StandardCharsets.US_ASCII));
    }
    tunnel.responseEnd(id);
    String seen = waiting.get(3 * LIMIT.toSeconds(), TimeUnit.SECONDS).body();
    assertThat(seen.length()).isEqualTo(pieces * (piece.length() + base().length()));
    assertThat(seen.endsWith("url(" + base() + "/x)}\n")).isTrue();
  }

  @Test
  void markupThatAScriptAskedForGetsNoScript() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/part").header("Sec-Fetch-Dest", "empty"));
    tunnel.respond(
        idOf(tunnel.awaitRequest("/part")), 200, Map.of("content-type", "text/html"), PAGE);
    assertThat(answer(waiting).body()).isEqualTo(PAGE.replace("\"/x", "\"" + base() + "/x"));
  }

  @Test
  void theScriptOfAWorkerBeginsWithTheRuntimeScript() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/w.js").header("Sec-Fetch-Dest", "worker"));
    tunnel.respond(
        idOf(tunnel.awaitRequest("/w.js")),
        200,
        Map.of("content-type", "text/javascript"),
        "import '/x'");
    assertThat(answer(waiting).body())
        .startsWith("(function () {")
        .contains("root = \"/api/tunnel/runner/" + runner + "/\"")
        .endsWith("})();\n\nimport '" + base() + "/x'");
  }

  /** What a viewer sees of an answer. */
  private HttpResponse<String> seen(Map<String, ?> headers, String body) {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/seen"));
    tunnel.respond(idOf(tunnel.awaitRequest("/seen")), 200, headers, body);
    return answer(waiting);
  }

  private HttpResponse<byte[]> seen(Map<String, ?> headers, byte[] body) throws Exception {
    ScriptedTunnel tunnel = tunnel();
    HttpRequest request = mine(base() + "/seen").build();
    CompletableFuture<HttpResponse<byte[]>> waiting =
        HTTP.sendAsync(request, BodyHandlers.ofByteArray());
    String id = idOf(tunnel.awaitRequest("/seen"));
    tunnel.responseStart(id, 200, headers);
    tunnel.responseData(id, body);
    tunnel.responseEnd(id);
    return waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
