package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Bounds towards slow clients, and reading that can be held back. */
class BackPressureTest {
  @Test
  void slowConsumerIsCutOffWhileOthersGoOn() throws Exception {
    CompletableFuture<DisconnectReason> reason = new CompletableFuture<>();
    BlockingQueue<Socket> connected = new LinkedBlockingQueue<>();
    SocketIoOptions options = TestServer.OPTIONS.withMaxBufferedBytes(4_000_000);
    try (TestServer server =
            TestServer.start(
                options, socketIo -> socketIo.namespace("/").onConnect(connected::add));
        WireSocket slow = server.joined("/");
        WireSocket quick = server.joined("/")) {
      Socket slowSocket = connected.take();
      Socket quickSocket = connected.take();
      slowSocket.onDisconnect(reason::complete);
      slowSocket.join("room");
      quickSocket.join("room");
      slow.stopReading();
      Namespace namespace = server.socketIo().namespace("/");
      EncodedPacket packet = namespace.encode("x", RawJson.of("\"" + "x".repeat(100_000) + "\""));

      for (int i = 0; !reason.isDone(); i++) {
        assertThat(i).as("packets until the cut").isLessThan(1_000);
        namespace.room("room").emit(packet);
        assertThat(quick.next().length()).isEqualTo(100_000 + 10);
      }

      assertThat(reason.get(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.SLOW_CONSUMER);
      assertThat(server.socketIo().metrics().slowConsumers()).isEqualTo(1);
      quickSocket.emit("still", RawJson.TRUE);
      String next = quick.next();
      assertThat(next.equals("42[\"still\",true]") || next.length() > 100_000).isTrue();
      assertThat(quick.isOpen()).isTrue();
    }
  }

  @Test
  void pollingClientThatFetchesNothingIsCutOff() throws Exception {
    CompletableFuture<Socket> connected = new CompletableFuture<>();
    CompletableFuture<DisconnectReason> reason = new CompletableFuture<>();
    SocketIoOptions options = TestServer.OPTIONS.withMaxBufferedBytes(10_000);
    try (TestServer server =
        TestServer.start(
            options, socketIo -> socketIo.namespace("/").onConnect(connected::complete))) {
      String session = server.poll();
      server.post(session, "40");
      Socket socket = connected.get(20, TimeUnit.SECONDS);
      socket.onDisconnect(reason::complete);
      for (int i = 0; i < 20; i++) {
        socket.emit("x", RawJson.of("\"" + "x".repeat(1_000) + "\""));
      }
      assertThat(reason.get(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.SLOW_CONSUMER);
      assertThat(server.get(session).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void pausedWebSocketIsNotReadUntilItIsResumed() throws Exception {
    CompletableFuture<Socket> connected = new CompletableFuture<>();
    BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    try (TestServer server = TestServer.start(socketIo -> pausing(socketIo, connected, handled));
        WireSocket wire = server.joined("/")) {
      wire.send("42[\"pause\"]");
      String text = "42[\"n\",\"" + "x".repeat(500_000) + "\"]";
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    wire.send(text);
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("pause");
      Assertions.assertThatThrownBy(() -> sent.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(handled).isEmpty();

      connected.get().resumeReading();

      sent.get(20, TimeUnit.SECONDS);
      for (int i = 0; i < 100; i++) {
        assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("n");
      }
    }
  }

  @Test
  void pausedPollingHoldsTheRestOfTheBodyAndItsAnswer() throws Exception {
    CompletableFuture<Socket> connected = new CompletableFuture<>();
    BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    try (TestServer server = TestServer.start(socketIo -> pausing(socketIo, connected, handled))) {
      String session = server.poll();
      server.post(session, "40");
      var posted = server.postLater(session, "42[\"pause\"]\u001e42[\"n\",1]");
      assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("pause");
      Assertions.assertThatThrownBy(() -> posted.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(handled).isEmpty();

      connected.get().resumeReading();

      assertThat(posted.get(20, TimeUnit.SECONDS).body()).isEqualTo("ok");
      assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("n");
    }
  }

  private static void pausing(
      SocketIoServer socketIo, CompletableFuture<Socket> connected, BlockingQueue<String> handled) {
    socketIo
        .namespace("/")
        .onConnect(
            socket -> {
              socket.on("n", (args, ack) -> handled.add("n"));
              socket.on(
                  "pause",
                  (args, ack) -> {
                    socket.pauseReading();
                    handled.add("pause");
                  });
              connected.complete(socket);
            });
  }
}
