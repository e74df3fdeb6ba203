package dev.agentrelay.gateway.ring;

import dev.agentrelay.contracts.SessionId;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes the history of one session, in order and pipelined: what arrives during one turn of the
 * event loop goes to Redis as one batch, and several batches are under way at once, as long as they
 * are small: all sessions share one connection to Redis, and it does one thing at a time. A large
 * step goes alone, so that others get their turn before the next. When Redis fails, everything not
 * confirmed is sent again from the oldest on; the script skips what it has. Confined to the owner's
 * event loop.
 */
public final class RingWriter {
  private static final Logger LOG = Logger.getLogger(RingWriter.class);
  private static final int MAX_BATCHES_UNDER_WAY = 16;
  private static final int MAX_EVENTS_PER_BATCH = 256;
  private static final int MAX_BYTES_PER_BATCH = 262_144;
  private static final int MAX_BYTES_UNDER_WAY = 1_048_576;
  private static final long STEP_BYTES = 64;
  private static final long FIRST_RETRY_MILLIS = 50;
  private static final long MAX_RETRY_MILLIS = 2_000;

  /** A batch is stored, and Redis was not asked who watches. */
  static final long NOT_COUNTED = -5;

  /** What the writer tells its session. */
  public interface Listener {
    /** Another owner has taken the session over; nothing more is written. */
    void fenced();

    /** The record has vanished from Redis. The steps at hand are tried again afterwards. */
    Future<Void> restore();

    /** A batch is stored; so many other replicas were watching. */
    void watchedElsewhere(long replicas);

    /** The backlog has grown over its bound, or has gone below it again. */
    void pressure(boolean high);
  }

  /** Sends one batch; answers as the append script does, or {@link #NOT_COUNTED}. */
  @FunctionalInterface
  public interface Sender {
    Future<Long> send(List<Append> batch);
  }

  private final SessionId session;
  private final Context context;
  private final Sender sender;
  private final Listener listener;
  private final long maxBacklogBytes;
  private final Deque<Append> waiting = new ArrayDeque<>();
  private final Deque<Batch> underWay = new ArrayDeque<>();
  private long backlogBytes;
  private long underWayBytes;
  private boolean high;
  private boolean flushScheduled;
  private boolean retrying;
  private boolean stopped;
  private long retryMillis = FIRST_RETRY_MILLIS;

  /** Steps that have been sent together, and what Redis has answered to the last try. */
  private static final class Batch {
    final List<Append> steps;
    final long bytes;
    int tries;
    @Nullable AsyncResult<Long> answer;

    Batch(List<Append> steps) {
      this.steps = steps;
      this.bytes = steps.stream().mapToLong(Append::bytes).sum();
    }

    boolean isLarge() {
      return steps.getFirst().isLarge();
    }
  }

  public RingWriter(
      SessionId session, Context context, Sender sender, Listener listener, long maxBacklogBytes) {
    this.session = session;
    this.context = context;
    this.sender = sender;
    this.listener = listener;
    this.maxBacklogBytes = maxBacklogBytes;
  }

  public void append(Append step) {
    if (stopped) {
      return;
    }
    if (step.isMarker() && waiting.isEmpty() && underWay.isEmpty()) {
      step.stored().run();
      return;
    }
    waiting.add(step);
    backlogBytes += cost(step);
    updatePressure();
    if (!flushScheduled) {
      flushScheduled = true;
      context.runOnContext(turn -> flush());
    }
  }

  /** How much is not confirmed; read from any thread, it may be a moment old. */
  public long backlogBytes() {
    return backlogBytes;
  }

  /** Writes nothing more; what is not confirmed is forgotten. */
  public void stop() {
    stopped = true;
    waiting.clear();
    underWay.clear();
  }

  private void flush() {
    flushScheduled = false;
    while (!stopped && !retrying && !waiting.isEmpty() && mayGo(waiting.element())) {
      Batch batch = new Batch(nextSteps());
      underWay.add(batch);
      underWayBytes += batch.bytes;
      send(batch);
    }
  }

  private boolean mayGo(Append next) {
    Batch last = underWay.peekLast();
    return last == null
        || (!next.isLarge()
            && !last.isLarge()
            && underWay.size() < MAX_BATCHES_UNDER_WAY
            && underWayBytes < MAX_BYTES_UNDER_WAY);
  }

  private List<Append> nextSteps() {
    List<Append> steps = new ArrayList<>();
    long bytes = 0;
    do {
      Append step = waiting.remove();
      steps.add(step);
      bytes += step.bytes();
    } while (!waiting.isEmpty()
        && !steps.getFirst().isLarge()
        && !waiting.element().isLarge()
        && steps.size() < MAX_EVENTS_PER_BATCH
        && bytes < MAX_BYTES_PER_BATCH);
    return steps;
  }

  private void send(Batch batch) {
    int thisTry = ++batch.tries;
    batch.answer = null;
    sender
        .send(batch.steps)
        .onComplete(answer -> context.runOnContext(turn -> answered(batch, thisTry, answer)));
  }

  private void answered(Batch batch, int itsTry, AsyncResult<Long> answer) {
    if (batch.tries == itsTry) {
      batch.answer = answer;
      settle();
    }
  }

  /**
   * Draws the consequences of what has been answered, oldest batch first and none before an older
   * one.
   */
  private void settle() {
    while (!stopped && !retrying && !underWay.isEmpty()) {
      Batch oldest = underWay.element();
      AsyncResult<Long> answer = oldest.answer;
      if (answer == null) {
        break;
      }
      if (answer.failed()) {
        retryLater(answer.cause());
      } else if (answer.result() == AppendScript.FENCED) {
        stop();
        listener.fenced();
      } else if (answer.result() == AppendScript.GONE) {
        retrying = true;
        listener.restore().onComplete(done -> context.runOnContext(turn -> retry()));
      } else {
        underWay.remove();
        underWayBytes -= oldest.bytes;
        stored(oldest, answer.result());
      }
    }
    flush();
  }

  private void stored(Batch batch, long watchedElsewhere) {
    retryMillis = FIRST_RETRY_MILLIS;
    if (watchedElsewhere != NOT_COUNTED) {
      listener.watchedElsewhere(watchedElsewhere);
    }
    for (Append step : batch.steps) {
      backlogBytes -= cost(step);
      try {
        step.stored().run();
      } catch (RuntimeException e) {
        LOG.errorf(e, "An event of session %s is stored, and telling of it failed", session);
      }
    }
    updatePressure();
  }

  private void retryLater(Throwable failure) {
    LOG.warnf("Events of session %s wait for Redis: %s", session, failure.getMessage());
    retrying = true;
    context.owner().setTimer(retryMillis, timer -> context.runOnContext(turn -> retry()));
    retryMillis = Math.min(retryMillis * 2, MAX_RETRY_MILLIS);
  }

  /** Sends everything again that is not confirmed; the script skips what it has. */
  private void retry() {
    retrying = false;
    if (!stopped) {
      underWay.forEach(this::send);
      flush();
    }
  }

  /** A step costs memory even when it has no event. */
  private static long cost(Append step) {
    return step.bytes() + STEP_BYTES;
  }

  private void updatePressure() {
    boolean now = high ? backlogBytes > maxBacklogBytes / 2 : backlogBytes > maxBacklogBytes;
    if (now != high) {
      high = now;
      listener.pressure(now);
    }
  }
}
