package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Triggers that are fired at a steady pace whatever becomes of those before, each repeated as its
 * answer asks until it is accepted. Thread-safe.
 */
final class NumberedTriggers {
  private static final Duration GIVE_UP = Duration.ofSeconds(60);
  private static final long REPEAT_AFTER_SECONDS = 2;

  private final RelayClient service;
  private final List<String> sessions;
  private final String round;
  private final Set<Integer> accepted = new HashSet<>();
  private int repeats;
  private long slowestNanos;

  /**
   * Fires at the sessions in turn.
   *
   * @param round tells its triggers from those of others: equal ones may count as repetitions
   */
  NumberedTriggers(RelayClient service, List<String> sessions, String round) {
    this.round = round;
    this.service = service;
    this.sessions = sessions;
  }

  /** Fires them and waits until each is accepted or given up. */
  void fire(int count, int perSecond) {
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < count; number++) {
        int each = number;
        long due = start + number * TimeUnit.SECONDS.toNanos(1) / perSecond;
        threads.execute(
            () -> {
              pauseUntil(due);
              fireUntilAccepted(each, due);
            });
      }
    }
  }

  synchronized Set<Integer> accepted() {
    return Set.copyOf(accepted);
  }

  /** How often an answer asked for a repetition. */
  synchronized int repeats() {
    return repeats;
  }

  /** The longest time from when one was due until it was accepted. */
  synchronized double slowestSeconds() {
    return slowestNanos / 1e9;
  }

  private void fireUntilAccepted(int number, long due) {
    String path = "/api/sessions/" + sessions.get(number % sessions.size()) + "/trigger";
    while (System.nanoTime() - due < GIVE_UP.toNanos()) {
      long again = REPEAT_AFTER_SECONDS;
      try {
        HttpResponse<String> answer =
            service.exchange(
                "POST",
                path,
                Json.object(
                    "type", "build", "payload", Json.object("number", number, "round", round)));
        if (answer.statusCode() == 200) {
          accept(number, System.nanoTime() - due);
          return;
        }
        if (answer.statusCode() / 100 != 5) {
          return;
        }
        again = answer.headers().firstValueAsLong("Retry-After").orElse(REPEAT_AFTER_SECONDS);
      } catch (UncheckedIOException noAnswer) {
        // whoever hears nothing asks again, as after 503
      }
      repeat();
      pauseUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(again));
    }
  }

  private synchronized void accept(int number, long nanos) {
    accepted.add(number);
    slowestNanos = Math.max(slowestNanos, nanos);
  }

  private synchronized void repeat() {
    repeats++;
  }

  private static void pauseUntil(long nanoTime) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
