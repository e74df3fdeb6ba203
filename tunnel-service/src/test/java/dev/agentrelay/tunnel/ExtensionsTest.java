package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runners may agree upon with the relay beyond the protocol (docs/tunnel-extensions.md). */
@QuarkusTest
class ExtensionsTest extends TunnelTest {
  private static final int WINDOW = 256 * 1024;
  private static final int BODY = 1;
  private static final int MESSAGE = 2;
  private static final int END = 1;
  private static final int TEXT = 2;
  private static final Map<String, ?> BYTES = Map.of("content-type", "application/octet-stream");

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"bin1, bin1", "credit1 bin1 zip9, bin1 credit1", "zip9, none", "BIN1, none"})
  void theRelaySaysWhichItUses(String spoken, @Nullable String used) {
    JSONObject registered = speaking(spoken.split(" ")).await("registered");
    assertThat(registered.has("caps") ? Json.arrayAt(registered, "caps").join(" ") : null)
        .isEqualTo(used == null ? null : "\"" + used.replace(" ", "\" \"") + "\"");
  }

  @Test
  void bodiesTravelAsBytes() throws Exception {
    ScriptedTunnel tunnel = speaking("bin1");
    byte[] body = random(200_000);
    CompletableFuture<HttpResponse<byte[]>> waiting =
        HTTP.sendAsync(
            mine(base() + "/b").POST(BodyPublishers.ofByteArray(body)).build(),
            BodyHandlers.ofByteArray());
    JSONObject request = tunnel.awaitRequest("/b");
    int stream = request.getInt("n");
    tunnel.await("request-data-end", idOf(request));
    assertThat(sentOf(tunnel, BODY, stream)).isEqualTo(body);
    assertThat(tunnel.bodyOf(idOf(request))).isEmpty();

    tunnel.responseStart(idOf(request), 200, BYTES);
    tunnel.sendBytes(frame(BODY, 0, stream, body));
    tunnel.sendBytes(frame(9, 0, stream, body)); // of a later version
    tunnel.sendBytes(ByteBuffer.wrap(new byte[] {BODY, 0, 0})); // cut off
    tunnel.sendBytes(frame(BODY, END, stream, new byte[] {7}));
    byte[] seen = waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS).body();
    assertThat(seen).hasSize(body.length + 1).startsWith(body).endsWith(7);
  }

  @Test
  void jsonMayComeAsBytesAndBodiesAsText() {
    ScriptedTunnel tunnel = speaking("bin1");
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/j"));
    JSONObject request = tunnel.awaitRequest("/j");
    String start =
        Json.object(
                "type",
                "response-start",
                "id",
                idOf(request),
                "statusCode",
                200,
                "statusMessage",
                "OK",
                "headers",
                new JSONObject())
            .toString();
    tunnel.sendBytes(ByteBuffer.wrap(start.getBytes(StandardCharsets.UTF_8)));
    tunnel.responseData(idOf(request), new byte[] {'t', 'e', 'x', 't'});
    tunnel.sendBytes(frame(BODY, END, request.optInt("n"), new byte[0]));
    assertThat(answer(waiting).body()).isEqualTo("text");
  }

  @Test
  void messagesTravelAsBytes() throws Exception {
    ScriptedTunnel tunnel = speaking("bin1", "credit1");
    ViewerSocket listener = new ViewerSocket();
    CompletableFuture<WebSocket> dialing =
        HTTP.newWebSocketBuilder()
            .header("x-api-key", TestingIdentities.apiKey(user))
            .buildAsync(
                URI.create(relay.resolve(base() + "/ws").toString().replaceFirst("^http", "ws")),
                listener);
    JSONObject opening = tunnel.await("ws-open");
    int stream = opening.getInt("n");
    tunnel.socketOpened(idOf(opening), null);
    WebSocket viewer = dialing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    byte[] umlaut = "ä".getBytes(StandardCharsets.UTF_8);
    tunnel.sendBytes(frame(MESSAGE, TEXT, stream, umlaut));
    tunnel.sendBytes(frame(MESSAGE, 0, stream, umlaut));
    assertThat(listener.next()).isEqualTo("ä");
    assertThat(listener.next()).isEqualTo(ByteBuffer.wrap(umlaut));

    viewer.sendText("ä", true).join();
    viewer.sendBinary(ByteBuffer.wrap(umlaut), true).join();
    await().atMost(LIMIT).until(() -> tunnel.binaryMessages().size() == 2);
    assertThat(tunnel.binaryMessages())
        .containsExactly(frame(MESSAGE, TEXT, stream, umlaut), frame(MESSAGE, 0, stream, umlaut));
  }

  @Test
  void anUploadWaitsForTheRunnersCredit() {
    ScriptedTunnel tunnel = speaking("bin1", "credit1");
    byte[] body = random(2 * 1024 * 1024);
    CompletableFuture<HttpResponse<String>> waiting =
        send(mine(base() + "/up").POST(BodyPublishers.ofByteArray(body)));
    JSONObject request = tunnel.awaitRequest("/up");
    int stream = request.optInt("n");
    await().atMost(LIMIT).until(() -> sentOf(tunnel, BODY, stream).length >= WINDOW);
    awaitPing(tunnel); // more would have come by then
    assertThat(sentOf(tunnel, BODY, stream).length).isLessThan(2 * WINDOW);
    for (int given = WINDOW; given <= body.length; given += WINDOW) {
      int atLeast = given;
      await().atMost(LIMIT).until(() -> sentOf(tunnel, BODY, stream).length >= atLeast);
      tunnel.send(Json.object("type", "window", "id", idOf(request), "bytes", WINDOW));
    }
    tunnel.await("request-data-end", idOf(request));
    assertThat(sentOf(tunnel, BODY, stream)).isEqualTo(body);
    tunnel.respond(idOf(request), 200, BYTES, "ok");
    assertThat(answer(waiting).body()).isEqualTo("ok");
  }

  /** The sockets in between take megabytes before the relay has something to hold. */
  @Test
  void aRunnerIsGivenBackWhatTheViewerHasTakenAndNoMore() throws Exception {
    ScriptedTunnel tunnel = speaking("bin1", "credit1");
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(mine(base() + "/down").build(), BodyHandlers.ofInputStream());
    JSONObject request = tunnel.awaitRequest("/down");
    int stream = request.getInt("n");
    tunnel.responseStart(idOf(request), 200, BYTES);
    byte[] chunk = random(WINDOW / 4);
    InputStream body = waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS).body();
    long sent = 0;
    while (sent - givenBack(tunnel) < WINDOW) { // until the viewer's sockets are full
      while (sent - givenBack(tunnel) < WINDOW) {
        tunnel.sendBytes(frame(BODY, 0, stream, chunk));
        sent += chunk.length;
      }
      awaitWindowOrSilence(tunnel);
    }
    assertThat(sent).isGreaterThan(4L * WINDOW).isLessThan(32L * 1024 * 1024);
    assertThat(givenBack(tunnel)).isLessThanOrEqualTo(sent);

    tunnel.sendBytes(frame(BODY, END, stream, new byte[0]));
    long read = 0;
    for (byte[] next = body.readNBytes(chunk.length);
        next.length > 0;
        next = body.readNBytes(chunk.length)) {
      assertThat(next).isEqualTo(chunk);
      read += next.length;
    }
    assertThat(read).isEqualTo(sent);
  }

  private ScriptedTunnel speaking(String... caps) {
    register(runner, user);
    ScriptedTunnel tunnel = open(ScriptedTunnel.dial(as(user)));
    tunnel.register(runner.value(), List.of(caps)).await("registered");
    return tunnel;
  }

  /** Waits until more may be sent, or as long as two pings take without that. */
  private static void awaitWindowOrSilence(ScriptedTunnel tunnel) {
    long mark = tunnel.inbox().mark();
    AtomicInteger pings = new AtomicInteger();
    tunnel
        .inbox()
        .awaitAfter(
            mark,
            frame ->
                switch (frame.optString("type")) {
                  case "window" -> true;
                  case "ping" -> pings.incrementAndGet() == 2;
                  default -> false;
                },
            LIMIT);
  }

  private static long givenBack(ScriptedTunnel tunnel) {
    return tunnel.inbox().all().stream()
        .filter(frame -> frame.optString("type").equals("window"))
        .mapToLong(frame -> frame.optLong("bytes"))
        .sum();
  }

  private static byte[] sentOf(ScriptedTunnel tunnel, int kind, int stream) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer message : tunnel.binaryMessages()) {
      if (message.get(0) == kind && message.getInt(4) == stream) {
        byte[] bytes = new byte[message.limit() - 8];
        message.get(8, bytes);
        all.writeBytes(bytes);
      }
    }
    return all.toByteArray();
  }

  private static ByteBuffer frame(int kind, int flags, int stream, byte[] bytes) {
    return ByteBuffer.allocate(8 + bytes.length)
        .put((byte) kind)
        .put((byte) flags)
        .putShort((short) 0)
        .putInt(stream)
        .put(bytes)
        .flip();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(6).nextBytes(bytes);
    return bytes;
  }
}
