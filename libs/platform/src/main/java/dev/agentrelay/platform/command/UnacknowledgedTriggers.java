package dev.agentrelay.platform.command;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Tells workers again what their sockets took and they did not acknowledge: it may have been cut
 * off on its way, and who has had it drops it by its id. What is too much at a time, or still to
 * come when this process ends, is not told again. Thread-safe; no call blocks.
 */
public final class UnacknowledgedTriggers {
  private static final Logger LOG = Logger.getLogger(UnacknowledgedTriggers.class);
  private static final int MOST_BYTES = 8 << 20;

  private final GatewayCommands gateways;
  private final List<Duration> waits;
  private final Executor threads = Thread::startVirtualThread;
  private final AtomicInteger bytes = new AtomicInteger();

  /**
   * @param waits how long to wait before each telling; there are as many
   */
  public UnacknowledgedTriggers(
      GatewayCommands gateways, List<Duration> waits, RelayMetrics metrics) {
    this.gateways = gateways;
    this.waits = List.copyOf(waits);
    metrics.bound(Bound.UNACKNOWLEDGED_TRIGGER_BYTES, bytes::get, MOST_BYTES);
  }

  /**
   * Tells the trigger's worker again until it has acknowledged it. A session that is unknown may
   * come back: one whose worker's connection was cut does so under the same id.
   *
   * @param first the command that was not acknowledged
   * @param within how long each telling may take
   * @param acknowledged run when the worker has it after all, on a virtual thread; may block
   */
  public void tellAgain(
      CommandId first,
      UserId user,
      DeliverTrigger trigger,
      Duration within,
      Runnable acknowledged) {
    int size = trigger.trigger().value().length();
    if (bytes.addAndGet(size) > MOST_BYTES) {
      bytes.addAndGet(-size);
      return;
    }
    var unused =
        tell(0, new Telling(first, user, trigger, within, acknowledged))
            .whenComplete((over, failure) -> bytes.addAndGet(-size));
  }

  /** Whether a worker that acknowledges what it has did not. */
  public static boolean isUnacknowledged(CommandAnswer answer) {
    return answer.outcome() == Outcome.DELIVERED && answer.reason() != null;
  }

  private record Telling(
      CommandId first,
      UserId user,
      DeliverTrigger trigger,
      Duration within,
      Runnable acknowledged) {}

  private CompletableFuture<Void> tell(int time, Telling telling) {
    if (time == waits.size()) {
      return CompletableFuture.completedFuture(null);
    }
    CommandId id = new CommandId(telling.first() + ":again:" + time);
    return CompletableFuture.runAsync(
            () -> {},
            CompletableFuture.delayedExecutor(waits.get(time).toMillis(), TimeUnit.MILLISECONDS))
        .thenCompose(
            now ->
                gateways
                    .send(id, telling.user(), telling.trigger(), telling.within())
                    .subscribeAsCompletionStage())
        .handleAsync((answer, failure) -> failure == null && isOver(answer, telling), threads)
        .thenCompose(
            over -> over ? CompletableFuture.completedFuture(null) : tell(time + 1, telling));
  }

  private static boolean isOver(CommandAnswer answer, Telling telling) {
    return switch (answer.outcome()) {
      case ACKNOWLEDGED, DELIVERED -> {
        boolean unacknowledged = isUnacknowledged(answer);
        if (!unacknowledged) {
          writeDown(telling);
        }
        yield !unacknowledged;
      }
      case FORBIDDEN, REFUSED -> true;
      case WAKING, ABSENT, UNKNOWN, EXPIRED, FAILED -> false;
    };
  }

  /** The worker has it, whether or not that can be written down. */
  private static void writeDown(Telling telling) {
    try {
      telling.acknowledged().run();
    } catch (RuntimeException away) {
      LOG.warnf(
          "it is not written down that the worker of %s has acknowledged %s: %s",
          telling.trigger().session(), telling.first(), away);
    }
  }
}
