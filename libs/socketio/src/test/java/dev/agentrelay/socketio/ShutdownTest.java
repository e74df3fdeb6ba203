package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A planned shutdown closes transports and never disconnects (contract section 1.3). */
class ShutdownTest {
  @Test
  void connectionsCloseOneByOneWithoutDisconnect() throws Exception {
    BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
    try (TestServer server =
        TestServer.start(
            socketIo ->
                socketIo.namespace("/").onConnect(socket -> socket.onDisconnect(reasons::add)))) {
      List<WireSocket> sockets = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sockets.add(server.joined("/"));
      }
      assertThat(server.socketIo().connectionCount()).isEqualTo(10);
      assertThat(server.socketIo().metrics().socketsByNamespace()).containsEntry("/", 10);

      long start = System.nanoTime();
      Future<Void> closed = server.socketIo().close(Duration.ofMillis(500));
      assertThat(server.get("EIO=4&transport=polling").statusCode()).isEqualTo(503);
      TestServer.await(closed);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
      for (WireSocket socket : sockets) {
        assertThat(socket.awaitClosed()).isEqualTo(1001);
        socket.close();
      }
      for (int i = 0; i < 10; i++) {
        assertThat(reasons.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.SHUTDOWN);
      }
      assertThat(server.socketIo().connectionCount()).isZero();
    }
  }
}
