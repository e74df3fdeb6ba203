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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReverseProxyTest {
  private static final Charset US_ASCII = StandardCharsets.US_ASCII;
  private static final int LARGE = 64 * MIB;

  private final ProxyTestBed bed = new ProxyTestBed();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.shutdownNow();
    bed.close();
  }

  @Test
  void pathAndQueryArriveByteForByte() throws Exception {
    bed.upstream(request -> request.response().end(request.method() + " " + request.uri()));
    String path = "/a%2Fb//c/../d;x=1/%7e?q=%20+a&&b=%zz";

    assertThat(bed.raw("PATCH " + path + " HTTP/1.1", "Host: relay", "Connection: close"))
        .endsWith("PATCH " + path);
    assertThat(bed.raw("GET http://relay/x?y HTTP/1.1", "Host: relay", "Connection: close"))
        .endsWith("GET /x?y");
  }

  @Test
  void anOfferOfAnotherProtocolIsPassedOver() throws Exception {
    bed.upstream(request -> request.response().end("plain"));

    assertThat(
            bed.raw(
                "GET / HTTP/1.1",
                "Host: relay",
                "Connection: Upgrade",
                "Connection: close",
                "Upgrade: something/2"))
        .startsWith("HTTP/1.1 200")
        .endsWith("plain");
  }

  @Test
  void endToEndHeadersPassAndHopByHopHeadersStop() throws Exception {
    CompletableFuture<Map<String, String>> seen = new CompletableFuture<>();
    bed.upstream(
        request -> {
          Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          request.headers().forEach(headers::put);
          seen.complete(headers);
          request
              .response()
              .putHeader("Set-Cookie", List.<String>of("a=1", "b=2"))
              .putHeader("Keep-Alive", "timeout=5")
              .setStatusCode(418)
              .setStatusMessage("Short and stout")
              .end();
        });

    String answer =
        bed.raw(
            "GET / HTTP/1.1",
            "Host: relay.example",
            "X-Own: yes",
            "X-Hop: no",
            "TE: trailers",
            "Connection: X-Hop",
            "Connection: close",
            "X-Forwarded-Proto: https");

    assertThat(seen.get(5, TimeUnit.SECONDS))
        .containsEntry("Host", "relay.example")
        .containsEntry("X-Own", "yes")
        .containsEntry("X-Forwarded-For", "127.0.0.1")
        .containsEntry("X-Forwarded-Host", "relay.example")
        .containsEntry("X-Forwarded-Proto", "https")
        .doesNotContainKeys("X-Hop", "TE");
    assertThat(answer)
        .startsWith("HTTP/1.1 418 Short and stout\r\n")
        .containsIgnoringCase("set-cookie: a=1")
        .containsIgnoringCase("set-cookie: b=2")
        .doesNotContainIgnoringCase("keep-alive: timeout");
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    bed.upstream(this::echo);

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
      assertThat(new String(events.readNBytes(9), US_ASCII)).isEqualTo("data: 1\n\n");
      open.get(5, TimeUnit.SECONDS).response().write("data: 2\n\n");
      assertThat(new String(events.readNBytes(9), US_ASCII)).isEqualTo("data: 2\n\n");
      open.get().response().end();
      assertThat(events.read()).isEqualTo(-1);
    }
  }

  @Test
  void answersWithoutABodyStaySo() throws Exception {
    bed.upstream(
        request -> {
          int status = Integer.parseInt(request.path().substring(1));
          if (request.method().name().equals("HEAD")) {
            request.response().putHeader("Content-Length", "1234");
          }
          request.response().setStatusCode(status).putHeader("ETag", "\"e\"").end();
        });

    String headOnly = bed.raw("HEAD /200 HTTP/1.1", "Host: x", "Connection: close");
    assertThat(headOnly).containsIgnoringCase("content-length: 1234").endsWith("\r\n\r\n");
    for (int status : new int[] {204, 304}) {
      String answer = bed.raw("GET /" + status + " HTTP/1.1", "Host: x", "Connection: close");
      assertThat(answer)
          .startsWith("HTTP/1.1 " + status)
          .containsIgnoringCase("etag: \"e\"")
          .doesNotContainIgnoringCase("transfer-encoding")
          .endsWith("\r\n\r\n");
    }
  }

  @Test
  void anUnreachableUpstreamIs503WithAReasonAndATime() throws Exception {
    bed.proxyTo(ProxyTestBed.deadPort());

    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(bed.uri("/")).POST(BodyPublishers.ofString("unread")).build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body()).contains("\"code\":\"unavailable\"").startsWith("{\"error\":\"");
  }

  @Test
  void theNextTargetIsTriedWhileNoneCouldBeConnectedTo() throws Exception {
    int alive = bed.listen(this::echo);
    bed.proxyTo(ProxyTestBed.deadPort(), alive);

    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(bed.uri("/")).POST(BodyPublishers.ofString("once")).build(),
            BodyHandlers.ofString());

    assertThat(answer.body()).isEqualTo("once");
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

  @Test
  void aClientThatExpectsToBeAskedIsAsked() throws Exception {
    bed.upstream(this::echo);
    try (Socket socket = bed.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          head(
              "POST / HTTP/1.1",
              "Host: x",
              "Connection: close",
              "Content-Length: 4",
              "Expect: 100-continue"));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(25), US_ASCII))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      out.write("body".getBytes(US_ASCII));
      assertThat(new String(in.readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 200")
          .contains("body");
    }
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(bed.uri(path)).build();
  }

  private void echo(HttpServerRequest request) {
    request.response().setChunked(true);
    request.pipeTo(request.response());
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
