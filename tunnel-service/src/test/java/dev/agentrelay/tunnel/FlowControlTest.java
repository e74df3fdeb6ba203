package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A viewer that stands still costs nobody memory, and nobody else's stream (tunnel.md 2.11). */
@QuarkusTest
class FlowControlTest extends TunnelTest {
  private static final int CHUNK = 256 * 1024;
  private static final byte[] CHUNK_OF_TEXT = "x".repeat(CHUNK).getBytes(StandardCharsets.UTF_8);

  /** What the sockets in between may hold, besides what the service holds. */
  private static final int IN_SOCKETS = 24 * 1024 * 1024;

  @Test
  void aViewerThatStandsStillSlowsTheRunnerDownAndGetsEveryByteLater() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    int chunks = 144; // 36 MiB
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(mine(base() + "/big").build(), BodyHandlers.ofInputStream());
    String id = idOf(tunnel.awaitRequest("/big"));
    tunnel.responseStart(id, 200, Map.of("content-type", "application/octet-stream"));
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(
            () -> {
              Random random = new Random(7);
              byte[] chunk = new byte[CHUNK];
              for (int i = 0; i < chunks; i++) {
                random.nextBytes(chunk);
                sent.update(chunk);
                tunnel.responseData(id, chunk);
                count.incrementAndGet();
              }
              tunnel.responseEnd(id);
            });
    InputStream body = waiting.get().body();
    awaitStandstill(count);
    assertThat(sending).isNotDone();
    long limit = ShortWaits.SPILL_BYTES + ShortWaits.HELD_BYTES + IN_SOCKETS;
    assertThat((long) count.get() * CHUNK).isLessThan(limit);

    MessageDigest received = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[CHUNK];
    long length = 0;
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      received.update(buffer, 0, read);
      length += read;
    }
    sending.get();
    assertThat(length).isEqualTo((long) chunks * CHUNK);
    assertThat(hex(received)).isEqualTo(hex(sent));
  }

  @Test
  void whileOneViewerStandsStillTheOthersAreServed() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<InputStream>> still =
        HTTP.sendAsync(mine(base() + "/video").build(), BodyHandlers.ofInputStream());
    String video = idOf(tunnel.awaitRequest("/video"));
    tunnel.responseStart(video, 200, Map.of("content-type", "video/mp4"));
    InputStream unread = still.get().body();
    for (int i = 0; i < 12; i++) { // 3 MiB: more than memory, less than the file
      tunnel.responseData(video, CHUNK_OF_TEXT);
    }
    CompletableFuture<HttpResponse<String>> other = send(mine(base() + "/page"));
    tunnel.respond(
        idOf(tunnel.awaitRequest("/page")), 200, Map.of("content-type", "text/plain"), "served");
    assertThat(answer(other).body()).isEqualTo("served");
    unread.close();
    tunnel.await("request-end", video);
  }

  @Test
  void aViewerThatLeavesWhileTheRunnerWaitsSetsItFree() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<InputStream>> still =
        HTTP.sendAsync(mine(base() + "/flood").build(), BodyHandlers.ofInputStream());
    String id = idOf(tunnel.awaitRequest("/flood"));
    tunnel.responseStart(id, 200, Map.of("content-type", "video/mp4"));
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<Void> flood =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 200; i++) {
                tunnel.responseData(id, CHUNK_OF_TEXT);
                count.incrementAndGet();
              }
            });
    InputStream unread = still.get().body();
    awaitStandstill(count);
    unread.close();
    assertThat(flood).succeedsWithin(LIMIT.multipliedBy(3));
  }

  @Test
  void anUploadThatTheRunnerDoesNotReadWaitsAtTheEdge() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CountDownLatch reading = new CountDownLatch(1);
    tunnel.serve(request -> awaitUninterrupted(reading)); // it reads nothing while it waits here
    // to the end, because pings stand behind all that it has yet to read
    ScheduledExecutorService pongs = open(Executors.newSingleThreadScheduledExecutor());
    var beating =
        pongs.scheduleAtFixedRate(
            () -> tunnel.send(Json.object("type", "pong")), 0, 200, TimeUnit.MILLISECONDS);
    int chunks = 128; // 32 MiB
    AtomicInteger taken = new AtomicInteger();
    Iterable<byte[]> pieces =
        () -> IntStream.range(0, chunks).mapToObj(piece -> counted(taken)).iterator();
    CompletableFuture<HttpResponse<String>> waiting =
        send(
            mine(base() + "/up")
                .POST(BodyPublishers.ofByteArrays(pieces))
                .timeout(LIMIT.multipliedBy(6)));
    awaitStandstill(taken);
    assertThat((long) taken.get() * CHUNK).isLessThan(IN_SOCKETS);

    reading.countDown();
    String id = idOf(tunnel.awaitRequest("/up"));
    tunnel
        .inbox()
        .await(
            frame -> frame.optString("type").equals("request-data-end") && idOf(frame).equals(id),
            LIMIT.multipliedBy(6));
    beating.cancel(false);
    byte[] whole = new byte[chunks * CHUNK];
    Arrays.fill(whole, (byte) 'x');
    assertThat(Arrays.equals(tunnel.bodyOf(id), whole)).isTrue();
    tunnel.respond(id, 200, Map.of("content-type", "text/plain"), "all of it");
    assertThat(waiting.get().body()).isEqualTo("all of it");
  }

  @Test
  void aSocketThatIsNotReadSlowsTheRunnerDownAndGetsEveryMessageLater() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    int messages = 128; // 32 MiB
    CountedMessages listener = new CountedMessages();
    CompletableFuture<WebSocket> dialing =
        HTTP.newWebSocketBuilder()
            .header("x-api-key", TestingIdentities.apiKey(user))
            .buildAsync(
                URI.create(relay.resolve(base() + "/ws").toString().replaceFirst("^http", "ws")),
                listener);
    String id = idOf(tunnel.await("ws-open"));
    tunnel.socketOpened(id, null);
    WebSocket viewer = dialing.get();
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < messages; i++) {
                byte[] message = new byte[CHUNK];
                message[0] = (byte) i;
                tunnel.socketBinary(id, message);
                count.incrementAndGet();
              }
            });
    awaitStandstill(count);
    assertThat((long) count.get() * CHUNK).isLessThan(IN_SOCKETS);
    assertThat(sending).isNotDone();

    viewer.request(Long.MAX_VALUE);
    assertThat(sending).succeedsWithin(LIMIT.multipliedBy(3));
    await().atMost(LIMIT.multipliedBy(3)).until(() -> listener.count.get() == messages);
    assertThat(listener.inOrder).isTrue();
  }

  /** A viewer's socket that asks for nothing by itself, and looks at the number in each message. */
  private static final class CountedMessages implements WebSocket.Listener {
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean inOrder = true;
    private boolean begins = true;

    @Override
    public void onOpen(WebSocket socket) {
      // nothing is read until the test says so
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      if (begins && data.hasRemaining()) {
        inOrder &= data.get(data.position()) == (byte) count.get();
        begins = false;
      }
      if (last) {
        begins = true;
        count.incrementAndGet();
      }
      return null;
    }
  }

  private static byte[] counted(AtomicInteger taken) {
    taken.incrementAndGet();
    return CHUNK_OF_TEXT;
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until no more was sent for as long as many more would take. */
  private static void awaitStandstill(AtomicInteger count) {
    AtomicInteger before = new AtomicInteger();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> count.get() > 0 && before.getAndSet(count.get()) == count.get());
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
