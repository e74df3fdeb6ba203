package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pings, pongs and the connect timeout. */
class HeartbeatTest {
  private static final SocketIoOptions QUICK =
      TestServer.OPTIONS.withPing(Duration.ofMillis(300), Duration.ofMillis(200));

  @Test
  void answeredPingsKeepTheWebSocketOpen() throws Exception {
    try (TestServer server = TestServer.start(QUICK, Echo::declare);
        WireSocket socket = server.joined("/")) {
      for (int i = 0; i < 4; i++) {
        assertThat(socket.nextRaw()).isEqualTo("2");
        socket.send("3");
      }
      assertThat(socket.isOpen()).isTrue();
    }
  }

  @Test
  void answeredPingsKeepThePollingSessionOpen() throws Exception {
    try (TestServer server = TestServer.start(QUICK, Echo::declare)) {
      String session = server.poll();
      for (int i = 0; i < 3; i++) {
        assertThat(server.get(session).body()).isEqualTo("2");
        assertThat(server.post(session, "3").statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void silentClientIsClosed() throws Exception {
    CompletableFuture<DisconnectReason> reason = new CompletableFuture<>();
    try (TestServer server =
            TestServer.start(
                QUICK,
                socketIo ->
                    socketIo
                        .namespace("/")
                        .onConnect(socket -> socket.onDisconnect(reason::complete)));
        WireSocket socket = server.joined("/")) {
      socket.awaitClosed();
      assertThat(reason.get(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.PING_TIMEOUT);
    }
  }

  @Test
  void pingFromTheClientIsAnError() throws Exception {
    try (TestServer server = TestServer.start(Echo::declare);
        WireSocket socket = server.joined("/")) {
      socket.send("2");
      socket.awaitClosed();
    }
  }

  @Test
  void connectionThatJoinsNothingIsClosed() throws Exception {
    SocketIoOptions options = TestServer.OPTIONS.withConnectTimeout(Duration.ofMillis(200));
    try (TestServer server = TestServer.start(options, Echo::declare);
        WireSocket idle = server.webSocket();
        WireSocket joined = server.joined("/")) {
      idle.awaitClosed();
      joined.send("42[\"message\"]");
      assertThat(joined.next()).isEqualTo("42[\"message-back\"]");
    }
  }
}
