package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies of requests that stand still, break off, or are not wanted any more (tunnel.md 3.7). */
@QuarkusTest
class UploadTest extends TunnelTest {
  private static final Map<String, ?> TEXT = Map.of("content-type", "text/plain");

  @Test
  void anUploadThatStandsStillIsGivenUp() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("POST", "/still", "Content-Length: 1000\r\n")) {
      write(viewer, "first");
      String id = idOf(tunnel.awaitRequest("/still"));
      assertThat(readUntil(viewer, "}"))
          .startsWith("HTTP/1.1 504")
          .contains("Tunnel request timed out");
      tunnel.await("request-end", id);
      assertNoEnd(tunnel, id);
    }
  }

  /** The pings of the relay, two in a second, tell the time. */
  @Test
  void aSlowUploadMayTakeLongerThanTheWaitForAnAnswer() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("POST", "/slow", "Content-Length: 50\r\n")) {
      String id = idOf(tunnel.awaitRequest("/slow"));
      for (int piece = 0; piece < 5; piece++) {
        awaitPing(tunnel);
        write(viewer, "0123456789");
      }
      tunnel.await("request-data-end", id);
      assertThat(tunnel.bodyOf(id)).asString().isEqualTo("0123456789".repeat(5));
      tunnel.respond(id, 200, TEXT, "taken");
      assertThat(readUntil(viewer, "taken")).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @CsvSource({"Content-Length: 1000, half", "Transfer-Encoding: chunked, 4|half|3e8|and"})
  void aViewerThatLeavesInTheMiddleCancelsItsUpload(String length, String body) throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String id;
    try (Socket viewer = viewer("POST", "/left", length + "\r\n")) {
      write(viewer, body.replace("|", "\r\n"));
      id = idOf(tunnel.awaitRequest("/left"));
      tunnel.await("request-data", id);
    }
    tunnel.await("request-end", id);
    assertNoEnd(tunnel, id);
    assertThat(tunnel.bodyOf(id)).asString().startsWith("half");
  }

  /** The answer had begun, so all that can still be said is that it is not whole. */
  @Test
  void anUploadThatBreaksBehindTheHeadOfItsAnswerBreaksThatToo() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("POST", "/echo", "Transfer-Encoding: chunked\r\n")) {
      String id = idOf(tunnel.awaitRequest("/echo"));
      tunnel.responseStart(id, 200, TEXT);
      tunnel.responseData(id, "echo".getBytes(StandardCharsets.US_ASCII));
      assertThat(readUntil(viewer, "echo\r\n")).startsWith("HTTP/1.1 200");
      write(viewer, "no chunk\r\n");
      tunnel.await("request-end", id);
      assertNoEnd(tunnel, id);
      assertThat(readUntil(viewer, "0\r\n\r\n")).isEmpty();
    }
  }

  @Test
  void nothingOfAnUploadIsSentBehindItsAnswer() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = viewer("POST", "/early", "Content-Length: 100000\r\n")) {
      write(viewer, "wanted");
      String id = idOf(tunnel.awaitRequest("/early"));
      tunnel.await("request-data", id);
      tunnel.respond(id, 413, TEXT, "too much");
      assertThat(readUntil(viewer, "too much")).startsWith("HTTP/1.1 413");
      write(viewer, "x".repeat(100_000 - "wanted".length()));
      write(viewer, head("GET", "/next", ""));
      tunnel.respond(idOf(tunnel.awaitRequest("/next")), 200, TEXT, "the next");
      readUntil(viewer, "the next");
      assertThat(tunnel.bodyOf(id)).asString().isEqualTo("wanted");
      assertNoEnd(tunnel, id);
    }
  }

  @Test
  void whoAsksWhetherToSendIsToldByTheRelay() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String headers = "Content-Length: 4\r\nExpect: 100-continue\r\n";
    try (Socket viewer = viewer("PUT", "/ask", headers)) {
      assertThat(readUntil(viewer, "\r\n\r\n")).startsWith("HTTP/1.1 100");
      write(viewer, "body");
      String id = idOf(tunnel.awaitRequest("/ask"));
      tunnel.await("request-data-end", id);
      assertThat(tunnel.awaitRequest("/ask").getJSONObject("headers").has("expect")).isFalse();
      assertThat(tunnel.bodyOf(id)).asString().isEqualTo("body");
      tunnel.respond(id, 200, TEXT, "taken");
      assertThat(readUntil(viewer, "taken")).startsWith("HTTP/1.1 200");
    }
  }

  private static void assertNoEnd(ScriptedTunnel tunnel, String id) {
    assertThat(tunnel.inbox().all())
        .noneMatch(
            frame -> "request-data-end".equals(frame.optString("type")) && id.equals(idOf(frame)));
  }

  private static void write(Socket viewer, String text) throws IOException {
    viewer.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    viewer.getOutputStream().flush();
  }
}
