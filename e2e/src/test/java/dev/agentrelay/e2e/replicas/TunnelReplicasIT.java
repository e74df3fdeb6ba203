package dev.agentrelay.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.local.suite.Service;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A runner's tunnel on one replica of tunnel-service, its viewers on the other (tunnel.md 2.12).
 */
@Isolated
class TunnelReplicasIT extends SuiteTest {
  private static final int CHUNK = 256 * 1024;
  private static final Map<String, ?> BYTES = Map.of("content-type", "application/octet-stream");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Part holder = suite.part("tunnel-service-1");
  private final URI other = suite.replicasOf(Service.TUNNEL).getLast();
  private final ScriptedRunner runner =
      open(ScriptedRunner.connect(me.at(suite.gatewayA().url()), RunnerScript.standard()));
  private final ScriptedTunnel tunnel =
      open(
          ScriptedTunnel.connect(
              me.at(suite.replicasOf(Service.TUNNEL).getFirst()), runner.runnerId()));

  @AfterEach
  void ensureUp() {
    holder.ensureUp();
  }

  @Test
  void anUploadAndItsAnswerPassBothReplicas() throws Exception {
    byte[] body = random(3 * 1024 * 1024);
    CompletableFuture<HttpResponse<byte[]>> waiting =
        HTTP.sendAsync(
            asked("/up?x=%20").POST(BodyPublishers.ofByteArray(body)).build(),
            BodyHandlers.ofByteArray());
    String id = tunnel.awaitRequest("/up?x=%20").getString("id");
    tunnel.await("request-data-end", id);
    assertThat(tunnel.bodyOf(id)).isEqualTo(body);
    tunnel.responseStart(id, 201, BYTES);
    tunnel.responseData(id, body);
    tunnel.responseEnd(id);
    assertThat(waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(201);
    assertThat(waiting.get().body()).isEqualTo(body);
  }

  /** By leaving, or by bytes that are no chunk: the app must not take it for whole. */
  @ParameterizedTest
  @ValueSource(strings = {"", "no chunk\r\n"})
  void anUploadThatBreaksIsCancelledThroughBothReplicas(String last) throws Exception {
    String id;
    try (Socket viewer = new Socket(other.getHost(), other.getPort())) {
      String request =
          String.join(
              "\r\n",
              "POST " + url("/broken").getRawPath() + " HTTP/1.1",
              "Host: localhost",
              "x-api-key: " + me.apiKey(),
              "Transfer-Encoding: chunked",
              "",
              "4",
              "half",
              "");
      viewer.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      id = tunnel.awaitRequest("/broken").getString("id");
      tunnel.await("request-data", id);
      viewer.getOutputStream().write(last.getBytes(StandardCharsets.US_ASCII));
      if (!last.isEmpty()) {
        tunnel.await("request-end", id);
      }
    }
    tunnel.await("request-end", id);
    assertThat(tunnel.inbox().all())
        .noneMatch(
            frame ->
                frame.optString("type").equals("request-data-end")
                    && frame.optString("id").equals(id));
  }

  @Test
  void aSocketPassesBothReplicas() throws Exception {
    CompletableFuture<String> received = new CompletableFuture<>();
    CompletableFuture<WebSocket> dialing =
        HTTP.newWebSocketBuilder()
            .header("x-api-key", me.apiKey())
            .subprotocols("vite-hmr")
            .buildAsync(
                URI.create(url("/ws").toString().replaceFirst("^http", "ws")),
                new WebSocket.Listener() {
                  @Override
                  public @Nullable CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    received.complete(data.toString());
                    return null;
                  }
                });
    String id = tunnel.await("ws-open").getString("id");
    tunnel.socketOpened(id, "vite-hmr");
    tunnel.socketText(id, "from the app");
    WebSocket viewer = dialing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(viewer.getSubprotocol()).isEqualTo("vite-hmr");
    assertThat(received.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("from the app");
    viewer.sendText("from the viewer", true).join();
    assertThat(tunnel.await("ws-data", id).getString("data")).isEqualTo("from the viewer");
    viewer.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
    assertThat(tunnel.await("ws-close", id).getString("reason")).isEqualTo("bye");
  }

  @Test
  void aViewerThatStandsStillHoldsUpNobodyAndGetsEveryByteLater() throws Exception {
    int chunks = 256; // 64 MiB
    byte[] chunk = random(CHUNK);
    HttpResponse<InputStream> still = begin("/film", chunk);
    String id = tunnel.awaitRequest("/film").getString("id");
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 1; i < chunks; i++) {
                tunnel.responseData(id, chunk);
              }
              tunnel.responseEnd(id);
            });
    assertThat(sending).succeedsWithin(LIMIT);

    CompletableFuture<HttpResponse<String>> page =
        HTTP.sendAsync(asked("/page").build(), BodyHandlers.ofString());
    tunnel.respond(tunnel.awaitRequest("/page").getString("id"), 200, BYTES, "served");
    assertThat(page.get(LIMIT.toSeconds(), TimeUnit.SECONDS).body()).isEqualTo("served");

    try (InputStream body = still.body()) {
      for (int i = 0; i < chunks; i++) {
        assertThat(Arrays.equals(body.readNBytes(CHUNK), chunk)).as("chunk %d", i).isTrue();
      }
      assertThat(body.read()).isEqualTo(-1);
    }
  }

  @Test
  void aHolderThatCrashesBreaksItsDownloadsAndTheRunnerGoesOnElsewhere() throws Exception {
    byte[] chunk = random(CHUNK);
    try (InputStream body = begin("/film", chunk).body()) {
      body.readNBytes(CHUNK);
      Instant crashed = Instant.now();
      holder.kill();
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
      assertThat(Duration.between(crashed, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }
    Instant asked = Instant.now();
    HttpResponse<String> gone = HTTP.send(asked("/").build(), BodyHandlers.ofString());
    assertThat(gone.statusCode()).isEqualTo(503);
    assertThat(gone.headers().firstValue("retry-after")).isPresent();
    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));

    ScriptedTunnel again = open(ScriptedTunnel.connect(me.at(other), runner.runnerId()));
    CompletableFuture<HttpResponse<String>> back =
        HTTP.sendAsync(asked("/again").build(), BodyHandlers.ofString());
    again.respond(again.awaitRequest("/again").getString("id"), 200, BYTES, "back");
    assertThat(back.get(LIMIT.toSeconds(), TimeUnit.SECONDS).body()).isEqualTo("back");
  }

  /** An answer of which the first chunk was sent. */
  private HttpResponse<InputStream> begin(String path, byte[] chunk) throws Exception {
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(asked(path).build(), BodyHandlers.ofInputStream());
    String id = tunnel.awaitRequest(path).getString("id");
    tunnel.responseStart(id, 200, BYTES);
    tunnel.responseData(id, chunk);
    return waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private HttpRequest.Builder asked(String path) {
    return HttpRequest.newBuilder(url(path)).timeout(LIMIT).header("x-api-key", me.apiKey());
  }

  private URI url(String path) {
    return other.resolve("/api/tunnel/runner/" + runner.runnerId() + "/5173" + path);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(4).nextBytes(bytes);
    return bytes;
  }
}
