package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets through a tunnel (tunnel.md 2.10 and 6). */
@QuarkusTest
class SocketTunnelTest extends TunnelTest {

  @Test
  void messagesPassBothWaysAsTheyAre() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    ViewerSocket listener = new ViewerSocket();
    CompletableFuture<WebSocket> dialing =
        dial(listener, "/ws?x=1&apiKey=k", Map.of(), "proto-a", "proto-b");
    JSONObject opening = tunnel.await("ws-open");
    assertThat(opening.optString("path")).isEqualTo("/ws?x=1");
    assertThat(opening.optInt("port")).isEqualTo(PORT);
    assertThat(ScriptedTunnel.protocols(opening).toList()).containsExactly("proto-a", "proto-b");
    assertThat(Json.objectAt(opening, "headers").keySet())
        .noneMatch(name -> name.startsWith("sec-websocket"))
        .doesNotContain("x-api-key", "upgrade", "connection");
    String id = idOf(opening);
    tunnel.socketOpened(id, "proto-b");
    tunnel.socketText(id, "early"); // at once, before the viewer can have said anything
    WebSocket viewer = dialing.get(10, TimeUnit.SECONDS);
    assertThat(viewer.getSubprotocol()).isEqualTo("proto-b");
    assertThat(listener.next()).isEqualTo("early");

    viewer.sendText("text-frame \u00e4", true).join();
    assertThat(tunnel.await("ws-data").optString("data")).isEqualTo("text-frame \u00e4");
    byte[] large = new byte[2 * 1024 * 1024];
    new Random(5).nextBytes(large);
    tunnel.socketBinary(id, large);
    assertThat(listener.next()).isEqualTo(ByteBuffer.wrap(large));
    viewer.sendBinary(ByteBuffer.wrap(new byte[] {0, 1, 2, (byte) 255}), true).join();
    JSONObject binary = tunnel.inbox().await(frame -> frame.optBoolean("binary"), LIMIT);
    assertThat(binary.optString("data")).isEqualTo("AAEC/w==");

    viewer.sendClose(3001, "bye").join();
    JSONObject close = tunnel.await("ws-close", id);
    assertThat(close.optInt("code")).isEqualTo(3001);
    assertThat(close.optString("reason")).isEqualTo("bye");
    awaitPing(tunnel);
    assertThat(tunnel.inbox().all())
        .filteredOn(frame -> frame.optString("type").equals("ws-close"))
        .hasSize(1);
  }

  @Test
  void framesOfAnotherRunnerDoNotTouchASocket() throws Exception {
    ScriptedTunnel own = tunnel();
    RunnerId foreign = new RunnerId(runner + "-b");
    register(foreign, stranger);
    ScriptedTunnel other = open(ScriptedTunnel.connect(as(stranger), foreign.value()));
    ViewerSocket listener = new ViewerSocket();
    CompletableFuture<WebSocket> dialing = dial(listener, "/ws", Map.of());
    String id = idOf(own.await("ws-open"));
    other.socketOpened(id, null);
    other.send(Json.object("type", "ws-error", "id", id, "message", "stolen"));
    awaitPing(other); // they were seen by then
    assertThat(dialing).isNotDone();
    own.socketOpened(id, null);
    dialing.get(10, TimeUnit.SECONDS);
    other.socketText(id, "stolen");
    other.socketClose(id, 1000, "stolen");
    awaitPing(other);
    own.socketText(id, "mine");
    assertThat(listener.next()).isEqualTo("mine");
    assertThat(listener.closed).isNotDone();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"other", "offered\r\nX-Injected: 1"})
  void aSubprotocolThatWasNotOfferedIsNone(@Nullable String said) throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<WebSocket> dialing = dial(new ViewerSocket(), "/ws", Map.of(), "offered");
    JSONObject opening = tunnel.await("ws-open");
    tunnel.socketOpened(idOf(opening), said);
    assertThat(dialing.get(10, TimeUnit.SECONDS).getSubprotocol()).isEmpty();
  }

  @Test
  void aMessageInPiecesIsOne() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<WebSocket> dialing = dial(new ViewerSocket(), "/ws", Map.of());
    String id = idOf(tunnel.await("ws-open"));
    tunnel.socketOpened(id, null);
    WebSocket viewer = dialing.get(10, TimeUnit.SECONDS);
    viewer.sendText("first, ", false).join();
    viewer.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
    viewer.sendText("second", true).join();
    JSONObject message = tunnel.await("ws-data", id);
    assertThat(message.optString("data")).isEqualTo("first, second");
    assertThat(message.has("binary")).isFalse();
  }

  /** More than the relay keeps for a viewer that cannot have it yet. */
  @Test
  void whatComesBeforeTheOpeningIsDroppedAndHoldsUpNothing() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    ViewerSocket listener = new ViewerSocket();
    CompletableFuture<WebSocket> dialing = dial(listener, "/ws", Map.of());
    String id = idOf(tunnel.await("ws-open"));
    for (int i = 0; i < 3; i++) {
      tunnel.socketBinary(id, new byte[ShortWaits.HELD_BYTES]);
    }
    tunnel.socketOpened(id, null);
    tunnel.socketText(id, "first");
    dialing.get(10, TimeUnit.SECONDS);
    assertThat(listener.next()).isEqualTo("first");
  }

  @Test
  void nothingFollowsTheAppsClose() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    ViewerSocket listener = new ViewerSocket();
    String id = opened(tunnel, listener);
    tunnel.socketClose(id, 4000, "done");
    tunnel.socketText(id, "late");
    tunnel.socketClose(id, 4001, "again");
    assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo("4000 done");
    assertThat(listener.isEmpty()).isTrue();
  }

  @Test
  void anOpeningWithoutOffersSaysNothingOfThem() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<WebSocket> dialing = dial(new ViewerSocket(), "/ws", Map.of());
    JSONObject opening = tunnel.await("ws-open");
    assertThat(opening.has("protocols")).isFalse();
    tunnel.socketOpened(idOf(opening), null);
    assertThat(dialing).succeedsWithin(LIMIT);
  }

  @ParameterizedTest
  @CsvSource({"1000, 1000", "1011, 1011", "4000, 4000", "1005, 1000", "1006, 1000"})
  void theAppsCloseReachesTheViewer(int code, int seen) throws Exception {
    ScriptedTunnel tunnel = tunnel();
    ViewerSocket listener = new ViewerSocket();
    String id = opened(tunnel, listener);
    tunnel.socketClose(id, code, "done");
    assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo(seen + " done");
  }

  @Test
  void theAppsFailureReachesTheViewer() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    ViewerSocket listener = new ViewerSocket();
    String id = opened(tunnel, listener);
    tunnel.send(Json.object("type", "ws-error", "id", id, "message", "broken pipe"));
    assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo("1011 broken pipe");
  }

  @Test
  void aRunnerThatIsLostClosesItsViewers() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    ViewerSocket listener = new ViewerSocket();
    opened(tunnel, listener);
    tunnel.kill();
    assertThat(listener.closed.get(10, TimeUnit.SECONDS)).startsWith("1011");
  }

  @Test
  void aViewerThatVanishesClosesTheAppsSocket() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<WebSocket> dialing = dial(new ViewerSocket(), "/ws", Map.of());
    String id = idOf(tunnel.await("ws-open"));
    tunnel.socketOpened(id, null);
    dialing.get(10, TimeUnit.SECONDS).abort();
    assertThat(tunnel.await("ws-close", id).optInt("code")).isIn(0, 1001);
  }

  @Test
  void anAppThatRefusesIsABadGateway() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<WebSocket> dialing = dial(new ViewerSocket(), "/ws", Map.of());
    String id = idOf(tunnel.await("ws-open"));
    tunnel.send(Json.object("type", "ws-error", "id", id, "message", "refused\r\nSet-Cookie: a=1"));
    assertThat(refusal(dialing)).isEqualTo(502);
  }

  @Test
  void anAppThatNeverOpensIsABadGatewayAndCancelled() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<WebSocket> dialing = dial(new ViewerSocket(), "/ws", Map.of());
    String id = idOf(tunnel.await("ws-open"));
    assertThat(refusal(dialing)).isEqualTo(502);
    assertThat(tunnel.await("ws-close", id).optInt("code")).isEqualTo(1001);
  }

  private String opened(ScriptedTunnel tunnel, ViewerSocket listener) {
    CompletableFuture<WebSocket> dialing = dial(listener, "/ws", Map.of());
    String id = idOf(tunnel.await("ws-open"));
    tunnel.socketOpened(id, null);
    assertThat(dialing).succeedsWithin(LIMIT);
    return id;
  }
}
