package dev.agentrelay.gateway.ring;

import dev.agentrelay.contracts.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Writes the history of one session, in order and pipelined: what arrives during one turn of the
 * event loop goes to Redis as one batch, and several batches are under way at once. When Redis
 * fails, everything not confirmed is sent again from the oldest on; the script skips what it has.
 * Confined to the owner's event loop.
 */
public final class RingWriter {
  private static final Logger LOG = Logger.getLogger(RingWriter.class);
  private static final int MAX_BATCHES_UNDER_WAY = 16;
  private static final int MAX_EVENTS_PER_BATCH = 256;
  private static final int MAX_BYTES_PER_BATCH = 1_048_576;
  private static final long FIRST_RETRY_MILLIS = 50;
  private static final long MAX_RETRY_MILLIS = 2_000;

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

  /** Sends one batch; answers as the append script does. */
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
  private final Deque<List<Append>> underWay = new ArrayDeque<>();
  private long backlogBytes;
  private boolean high;
  private boolean flushScheduled;
  private boolean retrying;
  private boolean resending;
  private boolean stopped;
  private long retryMillis = FIRST_RETRY_MILLIS;

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
    // a record costs memory even when it has no event
    backlogBytes += step.bytes() + 64L;
    updatePressure();
    if (!flushScheduled) {
      flushScheduled = true;
      context.runOnContext(turn -> flush());
    }
  }

  /** Writes nothing more; what is not confirmed is forgotten. */
  public void stop() {
    stopped = true;
    waiting.clear();
    underWay.clear();
  }

  private void flush() {
    flushScheduled = false;
    while (!stopped
        && !retrying
        && !resending
        && !waiting.isEmpty()
        && underWay.size() < MAX_BATCHES_UNDER_WAY) {
      List<Append> batch = nextBatch();
      underWay.add(batch);
      send(batch);
    }
  }

  private List<Append> nextBatch() {
    List<Append> batch = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty()
        && batch.size() < MAX_EVENTS_PER_BATCH
        && bytes < MAX_BYTES_PER_BATCH) {
      Append step = waiting.remove();
      bytes += step.bytes();
      batch.add(step);
    }
    return batch;
  }

  private void send(List<Append> batch) {
    sender
        .send(batch)
        .onComplete(
            answer ->
                context.runOnContext(
                    turn -> {
                      if (stopped || underWay.peek() != batch) {
                        return;
                      }
                      if (answer.failed()) {
                        retryLater(answer.cause());
                      } else {
                        answered(batch, answer.result());
                      }
                    }));
  }

  private void answered(List<Append> batch, long answer) {
    if (answer == AppendScript.FENCED) {
      stop();
      listener.fenced();
    } else if (answer == AppendScript.GONE) {
      retrying = true;
      listener.restore().onComplete(done -> context.runOnContext(turn -> retry()));
    } else {
      underWay.remove();
      retrying = false;
      retryMillis = FIRST_RETRY_MILLIS;
      listener.watchedElsewhere(answer);
      for (Append step : batch) {
        backlogBytes -= step.bytes() + 64L;
        step.stored().run();
      }
      updatePressure();
      resendNext();
      flush();
    }
  }

  /** After a failure the batches that were under way are sent again one by one. */
  private void resendNext() {
    if (resending && !underWay.isEmpty()) {
      send(underWay.element());
    } else {
      resending = false;
    }
  }

  private void retryLater(Throwable failure) {
    if (retrying) {
      return;
    }
    LOG.warnf("Events of session %s wait for Redis: %s", session, failure.getMessage());
    retrying = true;
    context.owner().setTimer(retryMillis, timer -> context.runOnContext(turn -> retry()));
    retryMillis = Math.min(retryMillis * 2, MAX_RETRY_MILLIS);
  }

  private void retry() {
    if (!stopped && !underWay.isEmpty()) {
      retrying = false;
      resending = true;
      send(underWay.element());
    }
  }

  private void updatePressure() {
    boolean now = high ? backlogBytes > maxBacklogBytes / 2 : backlogBytes > maxBacklogBytes;
    if (now != high) {
      high = now;
      listener.pressure(now);
    }
  }
}
