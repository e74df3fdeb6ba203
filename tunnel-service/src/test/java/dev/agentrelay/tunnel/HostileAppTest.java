package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What apps and runners say that is not to be believed, and too much of it (tunnel.md 2.9, 3.5).
 */
@QuarkusTest
class HostileAppTest extends TunnelTest {
  private static final Map<String, ?> TEXT = Map.of("content-type", "text/plain");

  @Test
  void noHeaderOfAnAppEndsTheHead() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("GET", "/inject", "")) {
      Map<String, Object> headers = new HashMap<>();
      headers.put("content-type", "text/plain\r\nX-Injected: 1");
      headers.put("location", "/x\r\nX-Injected: 1");
      headers.put("refresh", "1; url=/x\r\nX-Injected: 1");
      headers.put("link", "</x\nX-Injected: 1>; rel=preload");
      headers.put("set-cookie", new JSONArray(List.of("a=1\r\nX-Injected: 1", "b=2")));
      headers.put("bad\r\nX-Injected", "1");
      headers.put("x-injected: 1\r\nx", "1");
      tunnel.respond(idOf(tunnel.awaitRequest("/inject")), 200, headers, "the end");
      assertThat(readUntil(viewer, "the end"))
          .startsWith("HTTP/1.1 200")
          .contains("tunnel.b=2")
          .doesNotContainIgnoringCase("injected");
    }
  }

  /** Of two, the viewer and whoever stands between could believe one each. */
  @Test
  void anAnswerOfTwoLengthsHasNone() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("GET", "/lengths", "")) {
      Map<String, Object> headers = new HashMap<>(TEXT);
      headers.put("content-length", new JSONArray(List.of("2", "40")));
      headers.put("transfer-encoding", "identity");
      tunnel.respond(idOf(tunnel.awaitRequest("/lengths")), 200, headers, "the whole of it");
      assertThat(readUntil(viewer, "the whole of it\r\n0\r\n\r\n"))
          .contains("transfer-encoding: chunked")
          .doesNotContain("content-length", "identity");
    }
  }

  @Test
  void theReasonOfAnAnswerThatBrokeOffIsSaidAndItsPlaceFree() {
    ScriptedTunnel tunnel = tunnel();
    for (int i = 0; i < 65; i++) { // one more than there may be at once
      HttpResponse<String> answer = brokenOff(tunnel, "/" + i, "connection reset");
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("\"error\":\"Tunnel error: connection reset\"");
    }
    assertThat(brokenOff(tunnel, "/why", null).body()).contains("Tunnel error: Response aborted");
  }

  private HttpResponse<String> brokenOff(
      ScriptedTunnel tunnel, String url, @Nullable String reason) {
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + url));
    String id = idOf(tunnel.awaitRequest(url));
    JSONObject abort = Json.object("type", "response-data-abort", "id", id);
    Json.putIfKnown(abort, "reason", reason);
    tunnel.send(abort);
    return answer(waiting);
  }

  /** More of it than the relay keeps for a viewer. */
  @Test
  void aBodyBeforeItsHeadIsDroppedAndHoldsUpNothing() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/turned"));
    String id = idOf(tunnel.awaitRequest("/turned"));
    byte[] much = "x".repeat(ShortWaits.HELD_BYTES).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 4; i++) {
      tunnel.responseData(id, much);
    }
    tunnel.respond(id, 200, TEXT, "what came behind it");
    assertThat(answer(waiting).body()).isEqualTo("what came behind it");
  }

  @Test
  void aFloodOfWordsThatMeanNothingHoldsUpNobody() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/calm"));
    String id = idOf(tunnel.awaitRequest("/calm"));
    tunnel.responseStart(id, 200, TEXT);
    for (int i = 0; i < 2_000; i++) {
      tunnel.sendText("{\"type\":\"pong\"}");
      tunnel.responseStart(id, 500, TEXT);
      tunnel.responseData("nobody-" + i, new byte[] {'x'});
      tunnel.responseData(id, new byte[0]);
      tunnel.socketOpened(id, null);
    }
    tunnel.responseData(id, new byte[] {'o', 'k'});
    tunnel.responseEnd(id);
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok");
  }
}
