package dev.agentrelay.gateway.ring;

import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Has only so many bytes of large snapshots read at a time, in order of arrival, and worked on off
 * the event loops: each may take a good part of the memory and of a second. Small ones go ahead.
 * Thread-safe; work goes on where it was asked for.
 */
@Singleton
public class LargeSnapshots {
  private static final long LARGE_BYTES = 1_048_576;

  /** What may be in memory at a time, unless one alone has more. */
  private static final long MAX_BYTES = 67_108_864;

  private static final int MAX_WAITING = 1_000;

  private final Vertx vertx;
  private final Deque<Turn> waiting = new ArrayDeque<>();
  private long bytesInMemory;

  /** Somebody who waits to read. */
  private record Turn(long bytes, Runnable begin) {}

  LargeSnapshots(Vertx vertx, RelayMetrics metrics) {
    this.vertx = vertx;
    metrics.bound(Bound.SNAPSHOT_READERS, this::waiting, MAX_WAITING);
  }

  /**
   * Reads a snapshot when its turn has come.
   *
   * @param bytes its size, or more where that is not known
   * @param wanted asked at its turn; what nobody wants any more is not read, and fails
   * @return fails too when too many wait
   */
  public <T> Future<T> inTurn(long bytes, BooleanSupplier wanted, Supplier<Future<T>> read) {
    if (bytes < LARGE_BYTES) {
      return read.get();
    }
    long counted = Math.min(bytes, MAX_BYTES);
    Context caller = vertx.getOrCreateContext();
    Promise<T> done = Promise.promise();
    Turn turn =
        new Turn(counted, () -> caller.runOnContext(now -> begin(counted, wanted, read, done)));
    synchronized (this) {
      if (waiting.size() >= MAX_WAITING) {
        return Future.failedFuture("too many viewers wait for large snapshots");
      }
      waiting.add(turn);
    }
    admit(0);
    return done.future();
  }

  /** Makes something of a snapshot; off the event loop when it is large. */
  public <T> Future<T> make(long bytes, Supplier<T> work) {
    return bytes < LARGE_BYTES
        ? Future.succeededFuture(work.get())
        : vertx.executeBlocking(work::get, false);
  }

  private <T> void begin(
      long bytes, BooleanSupplier wanted, Supplier<Future<T>> read, Promise<T> done) {
    Future<T> reading;
    try {
      reading = wanted.getAsBoolean() ? read.get() : Future.failedFuture("no longer wanted");
    } catch (RuntimeException e) {
      reading = Future.failedFuture(e);
    }
    reading.onComplete(
        result -> {
          admit(bytes);
          done.handle(result);
        });
  }

  /** So many bytes are no longer needed; whoever comes next and has room begins. */
  private void admit(long released) {
    List<Turn> admitted = new ArrayList<>();
    synchronized (this) {
      bytesInMemory -= released;
      while (!waiting.isEmpty() && hasRoomFor(waiting.element())) {
        Turn next = waiting.remove();
        bytesInMemory += next.bytes();
        admitted.add(next);
      }
    }
    admitted.forEach(turn -> turn.begin().run());
  }

  private boolean hasRoomFor(Turn turn) {
    return bytesInMemory + turn.bytes() <= MAX_BYTES;
  }

  private synchronized int waiting() {
    return waiting.size();
  }
}
