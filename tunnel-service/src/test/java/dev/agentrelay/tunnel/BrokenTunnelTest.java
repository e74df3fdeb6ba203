package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Viewers, runners and apps that do not keep to it or leave in the middle (tunnel.md 3.7, 5). */
@QuarkusTest
class BrokenTunnelTest extends TunnelTest {
  private static final Map<String, ?> TEXT = Map.of("content-type", "text/plain");

  @Test
  void aViewerThatLeavesBeforeTheAnswerCancelsTheRequest() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    Socket viewer = viewer("GET", "/slow", "");
    String id = idOf(tunnel.awaitRequest("/slow"));
    viewer.close();
    tunnel.await("request-end", id);
  }

  @Test
  void anAnswerThatBreaksOffLooksBrokenOff() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/cut"));
    String id = idOf(tunnel.awaitRequest("/cut"));
    tunnel.responseStart(id, 200, TEXT);
    tunnel.responseData(id, new byte[1000]);
    tunnel.send(Json.object("type", "response-data-abort", "id", id, "reason", "reset"));
    assertThatThrownBy(() -> answer(waiting)).hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void anAnswerShorterThanItSaidLooksBrokenOff() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/short"));
    tunnel.respond(
        idOf(tunnel.awaitRequest("/short")),
        200,
        Map.of("content-type", "text/plain", "content-length", "100"),
        "only this");
    assertThatThrownBy(() -> answer(waiting)).hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void bytesBeyondTheLengthNeverReachTheViewer() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/long"));
    String id = idOf(tunnel.awaitRequest("/long"));
    tunnel.respond(
        id,
        200,
        Map.of("content-type", "text/plain", "content-length", "5"),
        "five!HTTP/1.1 200 OK\r\n\r\nsmuggled");
    assertThatThrownBy(() -> answer(waiting)).hasRootCauseInstanceOf(IOException.class);
    tunnel.await("request-end", id);
  }

  @Test
  void aRunnerThatVanishesBreaksTheDownloadWithinTwoSeconds() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(mine(base() + "/big").build(), BodyHandlers.ofInputStream());
    String id = idOf(tunnel.awaitRequest("/big"));
    tunnel.responseStart(id, 200, TEXT);
    tunnel.responseData(id, new byte[100_000]);
    InputStream body = waiting.get().body();
    body.readNBytes(100_000);
    Instant vanished = Instant.now();
    tunnel.kill();
    assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    assertThat(Duration.between(vanished, Instant.now())).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void aRunnerThatVanishesTakesNoStreamOfOthersAlong() throws Exception {
    ScriptedTunnel lost = tunnel();
    RunnerId other = new RunnerId(runner + "-other");
    register(other, user);
    ScriptedTunnel staying = open(ScriptedTunnel.connect(as(user), other.value()));
    CompletableFuture<HttpResponse<String>> broken = send(mine(base() + "/a"));
    lost.awaitRequest("/a");
    CompletableFuture<HttpResponse<String>> whole =
        send(mine(base().replace(runner.value(), other.value()) + "/b"));
    String id = idOf(staying.awaitRequest("/b"));
    staying.responseStart(id, 200, TEXT);
    lost.kill();
    assertThat(answer(broken).statusCode()).isEqualTo(503);
    staying.responseData(id, new byte[] {'o', 'k'});
    staying.responseEnd(id);
    assertThat(answer(whole).body()).isEqualTo("ok");
  }

  /** Its streams have the same numbers as those of the newest. */
  @Test
  void whatTheFormerConnectionStillSaysChangesNothing() {
    ExecutorService thread = open(Executors.newSingleThreadExecutor());
    ScriptedTunnel former = tunnel();
    CompletableFuture<HttpResponse<String>> first = send(mine(base() + "/old"));
    String old = idOf(former.awaitRequest("/old"));
    AtomicBoolean talking = new AtomicBoolean(true);
    CompletableFuture<Void> talk =
        CompletableFuture.runAsync(
            () -> {
              while (talking.get() && !former.isClosed()) {
                former.send(Json.object("type", "response-data", "id", old, "data", "stolen"));
              }
            },
            thread);
    ScriptedTunnel newest = open(ScriptedTunnel.connect(as(user), runner.value()));
    assertThat(answer(first).statusCode()).isEqualTo(502);
    CompletableFuture<HttpResponse<String>> second = send(mine(base() + "/new"));
    String id = idOf(newest.awaitRequest("/new"));
    assertThat(id).isEqualTo(old);
    former.kill();
    newest.respond(id, 200, Map.of("content-type", "text/plain"), "mine");
    assertThat(answer(second).body()).isEqualTo("mine");
    talking.set(false);
    assertThat(talk.handle((done, broken) -> true)).succeedsWithin(LIMIT);
  }

  @Test
  void aRunnerThatLeavesBeforeTheAnswerIsUnavailable() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/gone"));
    tunnel.awaitRequest("/gone");
    tunnel.kill();
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("\"error\":\"Runner not available\"");
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void anAppThatNeverAnswersTimesOutAndIsCancelled() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/never"));
    String id = idOf(tunnel.awaitRequest("/never"));
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.body()).contains("\"error\":\"Tunnel request timed out\"");
    tunnel.await("request-end", id);
  }

  @Test
  void aRunnerThatGivesUpIsAFailureOfTheTunnel() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/up"));
    String id = idOf(tunnel.awaitRequest("/up"));
    tunnel.send(Json.object("type", "request-end", "id", id));
    assertThat(answer(waiting).statusCode()).isEqualTo(502);
    assertThat(answer(waiting).body()).contains("Tunnel error: Runner aborted request");
  }

  @Test
  void anAnswerOfTwentyThousandHeadersIsNone() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/many"));
    String id = idOf(tunnel.awaitRequest("/many"));
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      headers.put("x-" + i, "v");
    }
    tunnel.responseStart(id, 200, headers);
    tunnel.responseEnd(id);
    assertThat(answer(waiting).statusCode()).isEqualTo(502);
  }

  @Test
  void moreRequestsThanARunnerMayHaveAreToldToComeAgain() {
    ScriptedTunnel tunnel = tunnel();
    List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      open.add(send(mine(base() + "/" + i)));
    }
    for (int i = 0; i < 64; i++) {
      tunnel.awaitRequest("/" + i);
    }
    HttpResponse<String> refused = exchange(mine(base() + "/more"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(open).noneMatch(CompletableFuture::isDone);
  }
}
