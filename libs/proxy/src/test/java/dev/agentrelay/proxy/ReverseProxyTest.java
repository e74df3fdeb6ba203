package dev.agentrelay.proxy;

import static dev.agentrelay.proxy.ProxyTestBed.head;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked and answered, head by head. */
class ReverseProxyTest {
  private static final Charset US_ASCII = StandardCharsets.US_ASCII;

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

  /** A service that was killed may have done it, and is known to be dead only after a while. */
  @Test
  void whoeverAskedForSomethingThatBrokeOffComesBackLaterThanWhoeverRead() throws Exception {
    bed.upstream(request -> request.connection().close());
    Map<String, String> comesBackAfter =
        Map.of("GET", "1", "DELETE", "1", "POST", "6", "PATCH", "6");
    for (Map.Entry<String, String> each : comesBackAfter.entrySet()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(bed.uri("/"))
                  .method(each.getKey(), BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(each.getKey()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After"))
          .as(each.getKey())
          .contains(each.getValue());
    }
  }

  @Test
  void theNextTargetIsTriedWhileNoneCouldBeConnectedTo() throws Exception {
    int alive = bed.listen(ProxyTestBed::echo);
    bed.proxyTo(ProxyTestBed.deadPort(), alive);

    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(bed.uri("/")).POST(BodyPublishers.ofString("once")).build(),
            BodyHandlers.ofString());

    assertThat(answer.body()).isEqualTo("once");
  }

  @Test
  void aClientThatExpectsToBeAskedIsAsked() throws Exception {
    bed.upstream(ProxyTestBed::echo);
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
}
