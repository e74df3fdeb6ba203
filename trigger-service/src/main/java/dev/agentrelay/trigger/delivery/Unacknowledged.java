package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.trigger.TriggerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells workers again what their sockets took and they did not acknowledge: it may have been cut
 * off on its way, and who has had it drops it by its id. What is too much at a time, or still to
 * come when this process ends, is not told again. Thread-safe; no call blocks.
 */
@ApplicationScoped
class Unacknowledged {
  private static final int MOST_BYTES = 8 << 20;

  private final GatewayCommands gateways;
  private final List<Duration> waits;
  private final AtomicInteger bytes = new AtomicInteger();

  Unacknowledged(GatewayCommands gateways, TriggerConfig config, RelayMetrics metrics) {
    this.gateways = gateways;
    this.waits = config.delivery().tellAgainAfter();
    metrics.bound(Bound.UNACKNOWLEDGED_TRIGGER_BYTES, bytes::get, MOST_BYTES);
  }

  /**
   * @param first the command that was not acknowledged
   * @param within how long each telling may take
   */
  void tellAgain(CommandId first, UserId user, DeliverTrigger trigger, Duration within) {
    int size = trigger.trigger().value().length();
    if (bytes.addAndGet(size) > MOST_BYTES) {
      bytes.addAndGet(-size);
      return;
    }
    var unused =
        tell(0, first, user, trigger, within)
            .whenComplete((over, failure) -> bytes.addAndGet(-size));
  }

  private CompletableFuture<Void> tell(
      int time, CommandId first, UserId user, DeliverTrigger trigger, Duration within) {
    if (time == waits.size()) {
      return CompletableFuture.completedFuture(null);
    }
    CommandId id = new CommandId(first + ":again:" + time);
    return CompletableFuture.runAsync(
            () -> {},
            CompletableFuture.delayedExecutor(waits.get(time).toMillis(), TimeUnit.MILLISECONDS))
        .thenCompose(now -> gateways.send(id, user, trigger, within).subscribeAsCompletionStage())
        .handle((answer, failure) -> failure == null && isOver(answer))
        .thenCompose(
            over ->
                over
                    ? CompletableFuture.completedFuture(null)
                    : tell(time + 1, first, user, trigger, within));
  }

  private static boolean isOver(CommandAnswer answer) {
    return switch (answer.outcome()) {
      case ACKNOWLEDGED, UNKNOWN, FORBIDDEN, REFUSED -> true;
      case DELIVERED -> answer.reason() == null;
      case WAKING, ABSENT, EXPIRED, FAILED -> false;
    };
  }

  /** Whether a worker that acknowledges what it has did not. */
  static boolean isUnacknowledged(CommandAnswer answer) {
    return answer.outcome() == Outcome.DELIVERED && answer.reason() != null;
  }
}
