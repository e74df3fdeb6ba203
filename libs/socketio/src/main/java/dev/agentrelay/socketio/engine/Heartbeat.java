package dev.agentrelay.socketio.engine;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All the deadlines of one connection behind a single timer: the next ping, the pong that is due,
 * the first namespace. Pings keep their own pace, so a pong sets no timer: an idle connection costs
 * one timer event per ping interval.
 */
final class Heartbeat implements Runnable {
  private final EngineConnection connection;
  private final long pingInterval;
  private final long pingTimeout;
  private long nextPing;
  private long connectDeadline;
  private long pongDeadline;
  private boolean admitted;
  private boolean awaitingPong;
  private @Nullable ScheduledFuture<?> timer;

  Heartbeat(EngineConnection connection, EngineOptions options) {
    this.connection = connection;
    this.pingInterval = options.pingInterval().toNanos();
    this.pingTimeout = options.pingTimeout().toNanos();
    long now = System.nanoTime();
    nextPing = now + pingInterval;
    connectDeadline = now + options.connectTimeout().toNanos();
    schedule(now);
  }

  void onPong() {
    awaitingPong = false;
  }

  void admit() {
    admitted = true;
  }

  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public void run() {
    long now = System.nanoTime();
    if (!admitted && now - connectDeadline >= 0) {
      connection.close(CloseReason.CONNECT_TIMEOUT);
      return;
    }
    if (awaitingPong && now - pongDeadline >= 0) {
      if (!connection.isPaused()) {
        connection.close(CloseReason.PING_TIMEOUT);
        return;
      }
      pongDeadline = now + pingTimeout; // the pong may lie among what is not read at present
    }
    if (!awaitingPong && now - nextPing >= 0) {
      awaitingPong = true;
      pongDeadline = now + pingTimeout;
      nextPing = now + pingInterval;
      connection.send(EngineFrame.PING);
      if (connection.isClosed()) {
        return;
      }
    }
    schedule(now);
  }

  private void schedule(long now) {
    long delay = awaitingPong ? pongDeadline - now : nextPing - now;
    if (awaitingPong && nextPing - now > 0) {
      delay = Math.min(delay, nextPing - now);
    }
    if (!admitted) {
      delay = Math.min(delay, connectDeadline - now);
    }
    timer = connection.eventLoop().schedule(this, Math.max(delay, 0), TimeUnit.NANOSECONDS);
  }
}
