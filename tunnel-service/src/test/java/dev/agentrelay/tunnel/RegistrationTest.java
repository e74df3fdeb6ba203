package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a connection on {@code /_tunnel} is taken for, and for how long (tunnel.md 2.6, 2.7). */
@QuarkusTest
class RegistrationTest extends TunnelTest {

  @Test
  void plainHttpIsToldToUpgrade() {
    HttpResponse<String> answer = exchange(anyone("/_tunnel"));
    assertThat(answer.statusCode()).isEqualTo(426);
    assertThat(answer.body()).isEqualTo("Expected WebSocket upgrade");
  }

  @Test
  void aRunnerOfTheKeysOwnerIsRegistered() {
    register(runner, user);
    ScriptedTunnel tunnel = open(ScriptedTunnel.dial(as(user))).register(runner.value());
    assertThat(tunnel.await("registered").toMap())
        .isEqualTo(Map.of("type", "registered", "runnerId", runner.value()));
  }

  /** The tunnel's registration is sent beside that of the runner, and may be first. */
  @Test
  void aRunnerWithoutARecordIsRegistered() {
    open(ScriptedTunnel.connect(as(user), runner.value()));
  }

  @Test
  void aWrongKeyIsRefused() {
    ScriptedTunnel tunnel =
        open(ScriptedTunnel.dial(as(user).withApiKey("wrong"))).register(runner.value());
    assertThat(tunnel.await("error").optString("message")).isEqualTo("Invalid API key");
    tunnel.awaitClosed(LIMIT);
  }

  @Test
  void aRunnerWhoseRecordIsSomebodyElsesIsRefused() {
    register(runner, user);
    ScriptedTunnel tunnel = open(ScriptedTunnel.dial(as(stranger))).register(runner.value());
    assertThat(tunnel.await("error").optString("message")).isEqualTo("Invalid API key");
    tunnel.awaitClosed(LIMIT);
  }

  @Test
  void anIdThatSomebodyElseHoldsIsRefusedAndTheHolderUnharmed() {
    ScriptedTunnel holder = open(ScriptedTunnel.connect(as(user), runner.value()));
    ScriptedTunnel other = open(ScriptedTunnel.dial(as(stranger))).register(runner.value());
    assertThat(other.await("error").optString("message"))
        .isEqualTo("Runner already registered by another user");
    other.awaitClosed(LIMIT);
    register(runner, user);
    assertThat(roundTrip(holder)).isEqualTo("hello");
  }

  @Test
  void whoSquatsAnIdGivesWayToItsOwnerAndNeverGetsItsTraffic() {
    ScriptedTunnel squatter = open(ScriptedTunnel.connect(as(stranger), runner.value()));
    register(runner, user);
    HttpResponse<String> refused = exchange(mine(base() + "/"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("Runner not available");
    ScriptedTunnel owner = open(ScriptedTunnel.connect(as(user), runner.value()));
    assertThat(roundTrip(owner)).isEqualTo("hello");
    assertThat(squatter.inbox().all())
        .noneMatch(frame -> frame.optString("type").equals("request-start"));
  }

  @Test
  void theNewestConnectionWinsAndTheStreamsOfTheFormerFail() {
    ScriptedTunnel former = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/old"));
    String id = idOf(former.awaitRequest("/old"));
    ScriptedTunnel newest = open(ScriptedTunnel.connect(as(user), runner.value()));
    HttpResponse<String> failed = answer(waiting);
    assertThat(failed.statusCode()).isEqualTo(502);
    assertThat(failed.body()).contains("Tunnel error: Runner re-registered");
    former.awaitClosed(LIMIT);
    assertThat(id).isNotEmpty();
    assertThat(roundTrip(newest)).isEqualTo("hello");
  }

  /** After ten refusals a runner gives its tunnels up for good. */
  @Test
  void oneWhoseKeyCannotBeLookedUpNowIsRegisteredLater() {
    register(runner, user);
    String key = TestingIdentities.unluckyApiKey(user);
    ScriptedTunnel tunnel =
        open(ScriptedTunnel.dial(as(user).withApiKey(key))).register(runner.value());
    tunnel.await("registered");
    assertThat(tunnel.inbox().all()).noneMatch(frame -> frame.optString("type").equals("error"));
    assertThat(roundTrip(tunnel)).isEqualTo("hello");
  }

  /** The pings, two in a second, tell the time: a claim would be made within it and last longer. */
  @Test
  void oneThatLeavesWhileItsKeyIsLookedUpDoesNotHarmTheOther() {
    ScriptedTunnel existing = tunnel();
    existing.serve(
        request -> {
          var unused =
              CompletableFuture.runAsync(
                  () -> existing.respond(idOf(request), 200, Map.of(), "served"));
        });
    String slowKey = TestingIdentities.slowApiKey(user);
    open(ScriptedTunnel.dial(as(user).withApiKey(slowKey))).register(runner.value()).kill();
    for (int i = 0; i < 5; i++) {
      assertThat(exchange(mine(base() + "/")).body()).isEqualTo("served");
      awaitPing(existing);
    }
    assertThat(existing.isClosed()).isFalse();
  }

  @Test
  void aConnectionStaysThatOfTheRunnerItHasNamedFirst() {
    ScriptedTunnel tunnel = tunnel();
    RunnerId other = new RunnerId(runner + "-other");
    register(other, user);
    tunnel.register(other.value());
    assertThat(roundTrip(tunnel)).isEqualTo("hello"); // the frame before was seen by now
    assertThat(exchange(mine(base().replace(runner.value(), other.value()) + "/")).statusCode())
        .isEqualTo(503);
  }

  @Test
  void framesOfAnotherRunnerDoNotTouchAStream() {
    ScriptedTunnel own = tunnel();
    RunnerId foreign = new RunnerId(runner + "-b");
    register(foreign, stranger);
    ScriptedTunnel other = open(ScriptedTunnel.connect(as(stranger), foreign.value()));
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/a"));
    String id = idOf(own.awaitRequest("/a"));
    for (String type : List.of("response-data-end", "response-data-abort", "request-end")) {
      other.send(Json.object("type", type, "id", id));
    }
    other.respond(id, 200, Map.of(), "stolen");
    own.respond(id, 200, Map.of("content-type", "text/plain"), "mine");
    assertThat(answer(waiting).body()).isEqualTo("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "{\"type\":\"response-start\"",
        "[]",
        "{\"type\":\"unheard-of\",\"id\":\"1\"}",
        "{\"type\":\"response-start\",\"id\":\"1\",\"statusCode\":99,\"statusMessage\":\"x\",\"headers\":{}}",
        "{\"type\":\"response-start\",\"id\":\"1\",\"statusCode\":200,\"statusMessage\":\"x\",\"headers\":{\"a\":1}}",
        "{\"type\":\"response-data\",\"id\":7,\"data\":\"x\"}",
        "{\"type\":\"ws-close\",\"id\":\"1\",\"code\":2000}"
      })
  void aFrameThatIsNoneIsDroppedAndTheNextOneCounts(String frame) {
    ScriptedTunnel tunnel = tunnel();
    tunnel.sendText(frame);
    assertThat(roundTrip(tunnel)).isEqualTo("hello");
  }

  @Test
  void aConnectionThatDoesNotSayWhoItIsIsClosed() {
    ScriptedTunnel tunnel = open(ScriptedTunnel.dial(as(user)));
    assertThat(tunnel.awaitClosed(LIMIT)).isEqualTo(1008);
  }

  @Test
  void aLongMessageBeforeTheRegistrationIsNotTaken() {
    ScriptedTunnel tunnel = open(ScriptedTunnel.dial(as(user)));
    tunnel.sendText("{\"type\":\"register\",\"runnerId\":\"" + "x".repeat(20_000) + "\"}");
    assertThat(tunnel.awaitClosed(LIMIT)).isEqualTo(1009);
  }

  /** A frame is gathered whole before anybody sees it, and is as long as its first bytes say. */
  @Test
  void aLongFrameBeforeTheRegistrationIsNotGathered() throws IOException {
    try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), relay.getPort())) {
      stranger.setSoTimeout((int) LIMIT.toMillis());
      OutputStream out = stranger.getOutputStream();
      String upgrade =
          String.join(
              "\r\n",
              "GET /_tunnel HTTP/1.1",
              "Host: localhost",
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "\r\n");
      out.write(upgrade.getBytes(StandardCharsets.US_ASCII));
      assertThat(readUntil(stranger, "\r\n\r\n")).startsWith("HTTP/1.1 101");
      int text = 0x81;
      int maskedAndLong = 0xff;
      ByteBuffer head = ByteBuffer.allocate(14).put((byte) text).put((byte) maskedAndLong);
      out.write(head.putLong(100_000_000).array());
      byte[] piece = new byte[64 * 1024];
      assertThatThrownBy(
              () -> {
                for (int sent = 0; sent < 64 * 1024 * 1024; sent += piece.length) {
                  out.write(piece);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aSilentRunnerIsGoneAndItsStreamsFail() {
    ScriptedTunnel tunnel = tunnel().goSilent();
    ViewerSocket listener = new ViewerSocket();
    CompletableFuture<WebSocket> dialing = dial(listener, "/ws", Map.of());
    tunnel.socketOpened(idOf(tunnel.await("ws-open")), null);
    assertThat(dialing).succeedsWithin(LIMIT);
    tunnel.await("ping");
    CompletableFuture<HttpResponse<String>> open = send(mine(base() + "/sse"));
    tunnel.responseStart(
        idOf(tunnel.awaitRequest("/sse")), 200, Map.of("content-type", "text/event-stream"));
    tunnel.awaitClosed(LIMIT);
    assertThat(open).failsWithin(LIMIT);
    assertThat(listener.closed).succeedsWithin(LIMIT).isEqualTo("1011 Runner missed heartbeats");
    assertThat(exchange(mine(base() + "/")).statusCode()).isEqualTo(503);
  }

  @Test
  void aRunnerThatAnswersPingsStays() {
    ScriptedTunnel tunnel = tunnel();
    for (int i = 0; i < 6; i++) { // three seconds, past the silence limit
      awaitPing(tunnel);
    }
    assertThat(roundTrip(tunnel)).isEqualTo("hello");
  }

  @Test
  void aRunnerThatLeavesIsNotAvailable() {
    tunnel().close();
    // for a moment it is known to be held here, and not held any more
    await()
        .atMost(LIMIT)
        .until(() -> exchange(mine(base() + "/")).body().contains("Runner not available"));
  }

  private String roundTrip(ScriptedTunnel tunnel) {
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/hello"));
    JSONObject request = tunnel.awaitRequest("/hello");
    tunnel.respond(idOf(request), 200, Map.of("content-type", "text/plain"), "hello");
    return answer(waiting).body();
  }
}
