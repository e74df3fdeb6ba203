package dev.agentrelay.testkit.clients;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The clock of all scripted clients: one daemon thread, tasks must not wait. */
final class Later {
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("scripted-clients-clock").daemon().factory());

  private Later() {}

  static void after(Duration delay, Runnable task) {
    ScheduledFuture<?> unused = CLOCK.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  static ScheduledFuture<?> every(Duration period, Runnable task) {
    return CLOCK.scheduleAtFixedRate(
        task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }
}
