package dev.agentrelay.socketio;

import dev.agentrelay.socketio.AcknowledgementException.Cause;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The answers one client owes. Confined to the connection's event loop. */
final class OutstandingAcks {
  private record Expected(Promise<List<RawJson>> promise, ScheduledFuture<?> timeout) {}

  private final Map<Long, Expected> expected = new HashMap<>();
  private final int limit;
  private long nextId;

  OutstandingAcks(int limit) {
    this.limit = limit;
  }

  boolean isFull() {
    return expected.size() >= limit;
  }

  long expect(Promise<List<RawJson>> promise, Duration timeout, EventLoop loop) {
    long id = nextId++;
    ScheduledFuture<?> timer =
        loop.schedule(() -> fail(id), timeout.toNanos(), TimeUnit.NANOSECONDS);
    expected.put(id, new Expected(promise, timer));
    return id;
  }

  private void fail(long id) {
    Expected late = expected.remove(id);
    if (late != null) {
      late.promise.tryFail(new AcknowledgementException(Cause.TIMEOUT));
    }
  }

  /** Answers of unknown id are late ones: ignored. */
  void answer(long id, List<RawJson> args) {
    Expected answered = expected.remove(id);
    if (answered != null) {
      answered.timeout.cancel(false);
      answered.promise.tryComplete(args);
    }
  }

  void failAll() {
    List<Expected> all = List.copyOf(expected.values());
    expected.clear();
    for (Expected lost : all) {
      lost.timeout.cancel(false);
      lost.promise.tryFail(new AcknowledgementException(Cause.DISCONNECTED));
    }
  }
}
