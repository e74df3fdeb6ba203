package dev.agentrelay.proxy;

import static dev.agentrelay.proxy.ProxyTestBed.MIB;
import static dev.agentrelay.proxy.ProxyTestBed.get;
import static dev.agentrelay.proxy.ProxyTestBed.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpgradeTest {
  private final ProxyTestBed bed = new ProxyTestBed();

  @AfterEach
  void stop() {
    bed.close();
  }

  @Test
  void largeFramesPassBothWays() throws Exception {
    bed.upstream(request -> upgrade(request, UpgradeTest::echo));
    WebSocket socket = open();
    LinkedBlockingQueue<Buffer> received = new LinkedBlockingQueue<>();
    socket.binaryMessageHandler(received::add);
    byte[] bytes = new byte[MIB];
    new Random(7).nextBytes(bytes);
    Buffer frame = Buffer.buffer(bytes);

    for (int sent = 0; sent < 20; sent++) {
      get(socket.writeBinaryMessage(frame));
    }

    for (int seen = 0; seen < 20; seen++) {
      assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(frame);
    }
  }

  @Test
  void whatTheServerSaysRightAfterTheUpgradeArrives() throws Exception {
    bed.upstream(request -> upgrade(request, socket -> socket.writeTextMessage("welcome")));
    CompletableFuture<String> first = new CompletableFuture<>();
    // before the connection, because the word may come with it
    ClientWebSocket socket = client().webSocket();
    socket.textMessageHandler(first::complete);
    get(socket.connect(bed.port(), "127.0.0.1", "/"));

    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("welcome");
  }

  @Test
  void aClientThatStopsReadingStopsTheServerFromWriting() throws Exception {
    AtomicLong produced = new AtomicLong();
    CompletableFuture<Void> blocked = new CompletableFuture<>();
    bed.upstream(request -> upgrade(request, socket -> produce(socket, produced, blocked)));
    WebSocket socket = open();
    socket.pause();

    blocked.get(20, TimeUnit.SECONDS);
    assertThat(produced.get()).isLessThan(64L * MIB);
  }

  @Test
  void theCloseCodePassesBothWays() throws Exception {
    CompletableFuture<Short> seenByServer = new CompletableFuture<>();
    bed.upstream(
        request ->
            upgrade(
                request,
                socket -> {
                  socket.closeHandler(closed -> seenByServer.complete(socket.closeStatusCode()));
                  socket.textMessageHandler(asked -> socket.close((short) 4001, "bye"));
                }));
    CompletableFuture<Short> seenByClient = new CompletableFuture<>();
    WebSocket client = open("/server");
    client.closeHandler(closed -> seenByClient.complete(client.closeStatusCode()));
    assertThat(client.writeTextMessage("close me").toCompletionStage().toCompletableFuture())
        .succeedsWithin(Duration.ofSeconds(10));
    assertThat(seenByClient.get(10, TimeUnit.SECONDS)).isEqualTo((short) 4001);
    assertThat(seenByServer).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void aClientThatVanishesClosesTheServersSide() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    bed.upstream(
        request -> upgrade(request, socket -> socket.closeHandler(gone -> closed.complete(null))));
    try (Socket socket = bed.connect()) {
      socket.getOutputStream().write(handshake());
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void aServerThatVanishesClosesTheClientsSide() throws Exception {
    bed.upstream(request -> request.toNetSocket().onSuccess(NetSocket::close));
    try (Socket socket = bed.connect()) {
      socket.getOutputStream().write(handshake());
      String everything =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(everything).startsWith("HTTP/1.1 101");
      assertThat(everything).doesNotContainIgnoringCase("transfer-encoding");
    }
  }

  @Test
  void aRefusedUpgradeKeepsItsStatusAndBody() throws Exception {
    bed.upstream(
        request ->
            request
                .response()
                .setStatusCode(403)
                .putHeader("Content-Type", "application/json")
                .end("{\"error\":\"Forbidden\"}"));
    try (Socket socket = bed.connect()) {
      socket.getOutputStream().write(handshake());
      byte[] start = socket.getInputStream().readNBytes(16);
      assertThat(new String(start, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 403");
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("{\"error\":\"Forbidden\"}");
    }
  }

  @Test
  void anUnreachableServerRefusesTheUpgrade() throws Exception {
    bed.proxyTo(ProxyTestBed.deadPort());
    try (Socket socket = bed.connect()) {
      socket.getOutputStream().write(handshake());
      byte[] start = socket.getInputStream().readNBytes(16);
      assertThat(new String(start, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 503");
    }
  }

  private WebSocket open() {
    return open("/");
  }

  private WebSocket open(String path) {
    return get(client().connect(bed.port(), "127.0.0.1", path));
  }

  private WebSocketClient client() {
    return bed.vertx.createWebSocketClient(
        new WebSocketClientOptions().setMaxFrameSize(4 * MIB).setMaxMessageSize(4 * MIB));
  }

  private static byte[] handshake() {
    return head(
        "GET / HTTP/1.1",
        "Host: x",
        "Connection: keep-alive, Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
  }

  private static void upgrade(HttpServerRequest request, Consumer<ServerWebSocket> behaviour) {
    request.toWebSocket().onSuccess(behaviour::accept);
  }

  private static void echo(ServerWebSocket socket) {
    socket.pipeTo(socket);
  }

  private static void produce(
      ServerWebSocket socket, AtomicLong produced, CompletableFuture<Void> blocked) {
    Buffer message = Buffer.buffer(new byte[64 * 1024]);
    while (produced.get() < 128L * MIB && !socket.writeQueueFull()) {
      produced.addAndGet(message.length());
      socket.writeBinaryMessage(message);
    }
    var vertx = Vertx.currentContext().owner();
    long timer = vertx.setTimer(1_000, stuck -> blocked.complete(null));
    socket.drainHandler(
        drained -> {
          vertx.cancelTimer(timer);
          produce(socket, produced, blocked);
        });
  }
}
