package dev.agentrelay.socketio.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections in small groups, so that their clients do not all come back in the same
 * instant.
 */
final class GradualClose {
  private static final long STEP_MILLIS = 50;

  private final Promise<Void> done = Promise.promise();
  private volatile boolean started;
  private @Nullable Queue<EngineConnection> waiting;
  private int perStep;

  boolean isStarted() {
    return started;
  }

  synchronized Future<Void> start(
      Vertx vertx, Collection<EngineConnection> connections, Duration within) {
    if (!started) {
      started = true;
      waiting = new ArrayDeque<>(connections);
      long steps = Math.max(1, within.toMillis() / STEP_MILLIS);
      perStep = (int) Math.ceilDiv((long) waiting.size(), steps);
      closeSome(vertx);
      if (connections.isEmpty()) {
        onLastClosed();
      }
    }
    return done.future();
  }

  private synchronized void closeSome(Vertx vertx) {
    Queue<EngineConnection> queue = waiting;
    if (queue == null) {
      return;
    }
    for (int i = 0; i < perStep && !queue.isEmpty(); i++) {
      EngineConnection connection = queue.remove();
      connection.execute(() -> connection.close(CloseReason.SHUTDOWN));
    }
    if (!queue.isEmpty()) {
      vertx.setTimer(STEP_MILLIS, timer -> closeSome(vertx));
    }
  }

  void onLastClosed() {
    done.tryComplete();
  }
}
