package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end two servers could see in two places. */
@QuarkusTest
class SmugglingTest extends TunnelTest {
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nContent-Length: 30\r\n",
        "Content-Length: 3, 30\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: 60\r\n" + CHUNKED
      })
  void aLengthThatIsNoneIsRefusedBeforeTheRunnerHears(String lengths) throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("POST", "/lengths", lengths)) {
      write(viewer, "abc");
      assertThat(readUntil(viewer, "\r\n")).startsWith("HTTP/1.1 400");
    }
    assertThat(tunnel.inbox().all())
        .noneMatch(frame -> "request-start".equals(frame.optString("type")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n", "3\r\nabcdef\r\n0\r\n\r\n"})
  void aBadChunkNeverLooksLikeTheEndOfTheBody(String chunks) throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("POST", "/chunks", CHUNKED)) {
      String id = idOf(tunnel.awaitRequest("/chunks"));
      write(viewer, chunks);
      tunnel.await("request-end", id);
      assertThat(tunnel.inbox().all())
          .noneMatch(
              frame ->
                  "request-data-end".equals(frame.optString("type")) && id.equals(idOf(frame)));
      // nobody knows where a next request would begin, so there is none, and no answer to this one
      assertThat(readUntil(viewer, "\n")).isEmpty();
    }
    assertThat(exchangeWith(tunnel, "/after")).isEqualTo("after");
  }

  private String exchangeWith(ScriptedTunnel tunnel, String url) {
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + url));
    tunnel.respond(
        idOf(tunnel.awaitRequest(url)), 200, Map.of("content-type", "text/plain"), "after");
    return answer(waiting).body();
  }

  private static void write(Socket viewer, String text) throws IOException {
    viewer.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    viewer.getOutputStream().flush();
  }
}
