package dev.agentrelay.e2e.drills;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Numbered REST calls at a steady rate, each repeated as the answers ask until it is accepted.
 * Keeps what became of each. Thread-safe.
 */
final class Calls implements AutoCloseable {
  private static final Duration GIVE_UP = Duration.ofSeconds(45);

  /** More at a time would only measure how an overload ends. */
  private static final int MOST_AT_ONCE = 100;

  /** Makes the call with that number once. */
  interface Call {
    /**
     * Waits for the answer.
     *
     * @throws UncheckedIOException when there is none
     */
    HttpResponse<String> make(int number);
  }

  private final Call call;
  private final boolean repeatsUnanswered;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("drill-calls").daemon().factory());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Set<Integer> underWay = ConcurrentHashMap.newKeySet();
  private final SortedSet<Integer> accepted = new TreeSet<>();
  private final SortedMap<Integer, String> failed = new TreeMap<>();
  private final SortedMap<Integer, String> refused = new TreeMap<>();
  private @Nullable ScheduledFuture<?> ticking;
  private int repeats;

  /**
   * @param repeatsUnanswered whether a call is repeated when its connection broke before an answer,
   *     as only callers with a key of their own for each call may
   */
  Calls(Call call, boolean repeatsUnanswered) {
    this.call = call;
    this.repeatsUnanswered = repeatsUnanswered;
  }

  void start(int perSecond) {
    ticking =
        clock.scheduleAtFixedRate(
            this::begin, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
  }

  /** Begins no more calls; those under way go on. */
  void stop() {
    if (ticking != null) {
      ticking.cancel(false);
    }
  }

  /** The last number given to a call. */
  int last() {
    return numbers.get();
  }

  /** Whether a call that began after that number was accepted. */
  synchronized boolean acceptedAfter(int number) {
    return !accepted.tailSet(number + 1).isEmpty();
  }

  /** Whether every call has come to an end. */
  boolean settled() {
    return underWay.isEmpty();
  }

  synchronized SortedSet<Integer> accepted() {
    return new TreeSet<>(accepted);
  }

  /** Calls that were given up, with the last that was heard of them. */
  synchronized SortedMap<Integer, String> failed() {
    return new TreeMap<>(failed);
  }

  /** Calls whose answer says that what they are for is gone, or not theirs. */
  synchronized SortedMap<Integer, String> refused() {
    return new TreeMap<>(refused);
  }

  /** How often a call had to be repeated. */
  synchronized int repeats() {
    return repeats;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    threads.shutdownNow();
  }

  private void begin() {
    if (underWay.size() < MOST_AT_ONCE) {
      int number = numbers.incrementAndGet();
      underWay.add(number);
      attempt(number, System.nanoTime() + GIVE_UP.toNanos());
    }
  }

  private void attempt(int number, long limit) {
    threads.execute(
        () -> {
          try {
            HttpResponse<String> answer = call.make(number);
            int kind = answer.statusCode() / 100;
            String what = answer.statusCode() + " " + answer.body();
            if (kind == 2) {
              accept(number);
            } else if (kind == 4) {
              end(refused, number, what);
            } else {
              repeat(number, limit, what, answer.headers().firstValueAsLong("Retry-After"));
            }
          } catch (UncheckedIOException broken) {
            String what = "no answer: " + broken.getCause();
            if (repeatsUnanswered) {
              repeat(number, limit, what, OptionalLong.empty());
            } else {
              end(failed, number, what);
            }
          } catch (RuntimeException broken) {
            end(failed, number, broken.toString());
          }
        });
  }

  private void repeat(int number, long limit, String what, OptionalLong wait) {
    if (System.nanoTime() > limit || clock.isShutdown()) {
      end(failed, number, what);
      return;
    }
    synchronized (this) {
      repeats++;
    }
    ScheduledFuture<?> unused =
        clock.schedule(() -> attempt(number, limit), wait.orElse(1), TimeUnit.SECONDS);
  }

  private synchronized void accept(int number) {
    accepted.add(number);
    underWay.remove(number);
  }

  private synchronized void end(SortedMap<Integer, String> kind, int number, String why) {
    kind.put(number, why);
    underWay.remove(number);
  }
}
