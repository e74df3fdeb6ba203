package dev.agentrelay.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tunnel of the runner daemon that people have installed, unchanged. */
class TunnelPublishedRunnerIT {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final TunnelStage stage = TunnelStage.ready();

  TunnelPublishedRunnerIT() throws IOException {}

  @Test
  void aPageComesThroughRunnerAndSession() throws Exception {
    for (URI base : List.of(stage.url(), stage.sessionUrl())) {
      HttpResponse<String> answer =
          HTTP.send(asked(base.resolve("api/hello")).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"hello\":\"from the app\"}");
    }
  }

  @Test
  void aPortThatIsNotExposedIsNotFound() throws Exception {
    HttpResponse<String> answer = HTTP.send(asked(stage.url(9)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("Port 9 is not exposed");
  }

  @Test
  void eightMebibytesGoUp() throws Exception {
    byte[] bytes = new byte[8 * 1024 * 1024];
    new Random(1).nextBytes(bytes);
    HttpRequest upload =
        asked(stage.url().resolve("upload")).POST(BodyPublishers.ofByteArray(bytes)).build();
    assertThat(HTTP.send(upload, BodyHandlers.ofString()).body())
        .isEqualTo(HexFormat.of().formatHex(LocalApp.sha256().digest(bytes)));
  }

  @Test
  void aFileComesWholeAndInParts() throws Exception {
    URI file = stage.url().resolve("file");
    byte[] expected = stage.app().file();
    assertThat(HTTP.send(asked(file).build(), BodyHandlers.ofByteArray()).body())
        .isEqualTo(expected);

    HttpResponse<byte[]> part =
        HTTP.send(
            asked(file).header("Range", "bytes=1000000-3000000").build(),
            BodyHandlers.ofByteArray());
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range"))
        .contains("bytes 1000000-3000000/" + expected.length);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(expected, 1_000_000, 3_000_001));
  }

  @Test
  void eventsComeWhileTheStreamIsOpen() throws Exception {
    HttpResponse<InputStream> events =
        HTTP.send(asked(stage.url().resolve("events")).build(), BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.lines().filter(line -> !line.isEmpty()).limit(3))
          .containsExactly("data: one", "data: two", "data: three");
    }
  }

  @Test
  void messagesOverAMebibyteAreEchoed() throws Exception {
    byte[] bytes = new byte[3 * 1024 * 1024 / 2];
    new Random(2).nextBytes(bytes);
    Echo echo = new Echo();
    String url = stage.url().resolve("echo").toString().replaceFirst("^http", "ws");
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .header("x-api-key", stage.owner().apiKey())
            .buildAsync(URI.create(url), echo)
            .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    socket.sendBinary(ByteBuffer.wrap(bytes), true).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(echo.whole.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(bytes);
    socket.abort();
  }

  /** The runner's client keeps the connection to the app, on which half a request stands. */
  @Test
  void anUploadThatIsGivenUpDoesNotTakeTheNextRequestAlong() throws Exception {
    URI early = stage.url().resolve("early");
    try (Socket viewer = new Socket(early.getHost(), early.getPort())) {
      String request =
          String.join(
              "\r\n",
              "POST " + early.getPath() + " HTTP/1.1",
              "Host: localhost",
              "x-api-key: " + stage.owner().apiKey(),
              "Content-Length: 1000000",
              "",
              "x".repeat(300_000));
      viewer.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      await().atMost(SOON).until(() -> stage.app().earlyAnswers() > 0);
    }
    for (int next = 0; next < 3; next++) {
      HttpRequest hello = asked(stage.url().resolve("api/hello")).timeout(SOON).build();
      assertThat(HTTP.send(hello, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  /** What comes out of the runner again has no credentials and is a stranger's. */
  @Test
  void theRelaysOwnPortLeadsNobodyIn() throws Exception {
    URI relay = stage.url(stage.url().getPort());
    stage.expose(stage.url().getPort());
    HttpRequest runners = asked(relay.resolve("api/runners")).build();
    assertThat(HTTP.send(runners, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  private HttpRequest.Builder asked(URI url) {
    return HttpRequest.newBuilder(url).timeout(LIMIT).header("x-api-key", stage.owner().apiKey());
  }

  private static final class Echo implements WebSocket.Listener {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      received.writeBytes(part);
      if (last) {
        whole.complete(received.toByteArray());
      }
      from.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      whole.completeExceptionally(failure);
    }
  }
}
