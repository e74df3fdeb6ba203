package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The change from polling to WebSocket (contract section 1.1). */
class UpgradeTest {
  private final CompletableFuture<Socket> connected = new CompletableFuture<>();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.start(
            TestServer.OPTIONS.withUpgradeTimeout(Duration.ofSeconds(3)),
            socketIo ->
                socketIo
                    .namespace("/")
                    .onConnect(
                        socket -> {
                          Echo.serve(socket);
                          connected.complete(socket);
                        }));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void probeReleasesThePendingGetAndTheWebSocketTakesOver() throws Exception {
    String session = server.poll();
    server.post(session, "40");
    server.get(session);
    CompletableFuture<HttpResponse<String>> pending = server.getLater(session);

    try (WireSocket socket = server.webSocket(session.replace("polling", "websocket"))) {
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      assertThat(pending.get(20, TimeUnit.SECONDS).body()).isEqualTo("6");
      socket.send("5");
      socket.send("42[\"message\",\"over\"]");

      assertThat(socket.next()).isEqualTo("42[\"message-back\",\"over\"]");
      assertThat(server.get(session).statusCode()).isEqualTo(400);
      assertThat(socket.isOpen()).isTrue();
    }
  }

  @Test
  void packetsOfTheChangeoverArriveOnceAndInOrder() throws Exception {
    String session = server.poll();
    server.post(session, "40");
    server.get(session);
    Socket served = connected.get(20, TimeUnit.SECONDS);
    List<String> arrived = new ArrayList<>();

    try (WireSocket socket = server.webSocket(session.replace("polling", "websocket"))) {
      Thread emitter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 2_000; i++) {
                      served.emit("n", RawJson.of(Integer.toString(i)));
                    }
                  });
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      arrived.addAll(List.of(server.get(session).body().split("\u001e")));
      socket.send("5");
      arrived.remove("6");
      while (arrived.size() < 2_000) {
        arrived.add(socket.next());
      }
      emitter.join();
    }

    for (int i = 0; i < 2_000; i++) {
      assertThat(arrived.get(i)).isEqualTo("42[\"n\"," + i + "]");
    }
  }

  @Test
  void secondWebSocketForAnUpgradedSessionIsClosed() throws Exception {
    String session = server.poll();
    String upgrade = session.replace("polling", "websocket");

    try (WireSocket socket = server.webSocket(upgrade)) {
      socket.send("2probe");
      socket.next();
      socket.send("5");
      socket.send("40");
      socket.next();
      try (WireSocket second = server.webSocket(upgrade)) {
        second.awaitClosed();
      }
      socket.send("42[\"message\",1]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",1]");
    }
  }

  @Test
  void unfinishedUpgradeTimesOutAndPollingGoesOn() throws Exception {
    String session = server.poll();

    try (WireSocket socket = server.webSocket(session.replace("polling", "websocket"))) {
      socket.send("2probe");
      socket.next();
      socket.awaitClosed();
    }

    assertThat(server.post(session, "40").body()).isEqualTo("ok");
    assertThat(server.get(session).body()).startsWith("40{");
  }
}
