package dev.agentrelay.proxy;

import static dev.agentrelay.proxy.ProxyTestBed.MIB;
import static dev.agentrelay.proxy.ProxyTestBed.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that are large, slow, endless or cut off. */
class ProxiedBodiesTest {
  private static final int LARGE = 64 * MIB;

  private final ProxyTestBed bed = new ProxyTestBed();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.shutdownNow();
    bed.close();
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    bed.upstream(ProxyTestBed::echo);

    HttpResponse<InputStream> answer =
        client.send(
            HttpRequest.newBuilder(bed.uri("/"))
                .POST(BodyPublishers.ofInputStream(() -> zeros(LARGE)))
                .build(),
            BodyHandlers.ofInputStream());

    try (InputStream body = answer.body()) {
      assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(LARGE);
    }
  }

  @Test
  void aSlowReaderSlowsTheUpstreamDownInsteadOfFillingMemory() throws Exception {
    AtomicLong produced = new AtomicLong();
    CompletableFuture<Void> blocked = new CompletableFuture<>();
    bed.upstream(
        request -> {
          request.response().setChunked(true);
          produceUntilBlocked(request, produced, blocked);
        });

    HttpResponse<InputStream> answer = client.send(request("/"), BodyHandlers.ofInputStream());
    blocked.get(20, TimeUnit.SECONDS);

    assertThat(produced.get()).isLessThan(LARGE);
    try (InputStream body = answer.body()) {
      assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(LARGE);
    }
  }

  @Test
  void anAnswerCutUpstreamIsCutHere() {
    bed.upstream(
        request -> {
          request.response().setChunked(true);
          request.response().write("half of it").onSuccess(written -> request.connection().close());
        });

    assertThatThrownBy(() -> client.send(request("/"), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void anAnswerShorterThanAnnouncedIsCutHere() {
    bed.upstream(
        request -> {
          request.response().putHeader("Content-Length", "100");
          request.response().write("half of it").onSuccess(written -> request.connection().close());
        });

    assertThatThrownBy(() -> client.send(request("/"), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aClientThatLeavesCancelsItsRequestUpstream() throws Exception {
    CompletableFuture<Void> left = new CompletableFuture<>();
    bed.upstream(
        request -> {
          request.response().closeHandler(gone -> left.complete(null));
          request.response().setChunked(true).write("first");
        });
    try (Socket socket = bed.connect()) {
      socket.getOutputStream().write(head("GET / HTTP/1.1", "Host: x"));
      assertThat(socket.getInputStream().read()).isPositive();
    }

    assertThat(left).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void eventsOfAStreamPassAtOnce() throws Exception {
    CompletableFuture<HttpServerRequest> open = new CompletableFuture<>();
    bed.upstream(
        request -> {
          request.response().putHeader("Content-Type", "text/event-stream").setChunked(true);
          request.response().write("data: 1\n\n").onSuccess(sent -> open.complete(request));
        });

    HttpResponse<InputStream> answer = client.send(request("/"), BodyHandlers.ofInputStream());
    try (InputStream events = answer.body()) {
      assertThat(new String(events.readNBytes(9), StandardCharsets.US_ASCII))
          .isEqualTo("data: 1\n\n");
      open.get(5, TimeUnit.SECONDS).response().write("data: 2\n\n");
      assertThat(new String(events.readNBytes(9), StandardCharsets.US_ASCII))
          .isEqualTo("data: 2\n\n");
      open.get().response().end();
      assertThat(events.read()).isEqualTo(-1);
    }
  }

  @Test
  void aBodyRefusedHalfWayStillGetsItsAnswer() throws Exception {
    bed.upstream(request -> request.response().setStatusCode(413).end("too large"));

    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(bed.uri("/"))
                .POST(BodyPublishers.ofInputStream(() -> zeros(MIB)))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).isEqualTo("too large");
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(bed.uri(path)).build();
  }

  private static void produceUntilBlocked(
      HttpServerRequest request, AtomicLong produced, CompletableFuture<Void> blocked) {
    Buffer chunk = Buffer.buffer(new byte[64 * 1024]);
    HttpServerResponse response = request.response();
    while (produced.get() < LARGE && !response.writeQueueFull()) {
      produced.addAndGet(chunk.length());
      response.write(chunk);
    }
    if (produced.get() == LARGE) {
      response.end();
      return;
    }
    // A queue that stays full for a second means that the far end has stopped taking.
    Vertx vertx = Vertx.currentContext().owner();
    long timer = vertx.setTimer(1_000, stuck -> blocked.complete(null));
    response.drainHandler(
        drained -> {
          vertx.cancelTimer(timer);
          produceUntilBlocked(request, produced, blocked);
        });
  }

  private static InputStream zeros(int size) {
    return new InputStream() {
      private int left = size;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int count = Math.min(length, left);
        left -= count;
        return count;
      }
    };
  }
}
