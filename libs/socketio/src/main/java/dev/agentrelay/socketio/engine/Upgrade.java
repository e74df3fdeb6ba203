package dev.agentrelay.socketio.engine;

import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The dance from polling to WebSocket: {@code 2probe}, {@code 3probe}, {@code 5} (contract section
 * 1.1).
 */
final class Upgrade {
  private final EngineConnection connection;
  private final WebSocketTransport candidate;
  private final ScheduledFuture<?> timeout;
  private boolean probed;

  Upgrade(EngineConnection connection, WebSocketTransport candidate, Duration limit) {
    this.connection = connection;
    this.candidate = candidate;
    this.timeout =
        connection.eventLoop().schedule(this::fail, limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean isFor(WebSocketTransport transport) {
    return transport == candidate;
  }

  boolean isProbed() {
    return probed;
  }

  void onMessage(MessageAssembler.Message message) {
    PollingTransport polling = connection.polling();
    if (is(message, "2probe") && polling != null) {
      probed = true;
      candidate.send(EngineFrame.PROBE_ANSWER);
      polling.onProbe();
    } else if (is(message, "5")) {
      timeout.cancel(false);
      connection.completeUpgrade(candidate);
    } else {
      fail();
    }
  }

  private static boolean is(MessageAssembler.Message message, String packet) {
    return message.text()
        && message.length() == packet.length()
        && packet.equals(
            new String(
                message.array(), message.offset(), message.length(), StandardCharsets.ISO_8859_1));
  }

  private void fail() {
    abort();
    connection.abandonUpgrade();
  }

  /** Drops the WebSocket; polling goes on. */
  void abort() {
    timeout.cancel(false);
    candidate.close(CloseReason.SERVER_CLOSE);
  }
}
