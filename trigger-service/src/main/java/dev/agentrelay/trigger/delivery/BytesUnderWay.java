package dev.agentrelay.trigger.delivery;

import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.trigger.TriggerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps what is on its way to workers within the memory there is: a broadcast of 1 MiB to five
 * hundred sessions is as many copies.
 */
@ApplicationScoped
public class BytesUnderWay {
  private final Semaphore free;
  private final int most;

  BytesUnderWay(TriggerConfig config, RelayMetrics metrics) {
    most = config.delivery().bytesAtOnce();
    free = new Semaphore(most, true);
    metrics.bound(Bound.TRIGGER_BYTES, () -> most - free.availablePermits(), most);
  }

  /**
   * Does the work once there is room for it. Blocks.
   *
   * @param bytes about how much the work holds; more than fits waits until nothing else is there
   * @throws RelayException 503 when there is no room in time
   */
  <T> T hold(int bytes, Duration wait, Supplier<T> work) {
    int held = Math.min(bytes, most);
    boolean room;
    try {
      room = free.tryAcquire(held, wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw RelayException.unavailable();
    }
    if (!room) {
      throw RelayException.unavailable();
    }
    try {
      return work.get();
    } finally {
      free.release(held);
    }
  }
}
