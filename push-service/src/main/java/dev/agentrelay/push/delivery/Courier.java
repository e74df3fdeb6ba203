package dev.agentrelay.push.delivery;

import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.push.PushConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands deliveries over, each on a thread of its own so that none waits for another, and tries
 * again what a provider does not take yet.
 */
@ApplicationScoped
public class Courier {
  private static final Logger LOG = Logger.getLogger(Courier.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration SLOWEST_RETRY = Duration.ofMinutes(5);
  private static final Duration LONGEST_WISH = Duration.ofHours(1);

  /** Looking costs the same for one delivery as for many, so what ends meanwhile is made up for. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Deliveries deliveries;
  private final Map<Channel, Sender> senders;
  private final PushConfig config;
  private final InstantSource clock;
  private final RelayMetrics metrics;
  private final UnderWay underWay = new UnderWay();
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Courier(
      Deliveries deliveries,
      @Any Instance<Sender> senders,
      PushConfig config,
      InstantSource clock,
      RelayMetrics metrics) {
    this.deliveries = deliveries;
    this.senders = senders.stream().collect(Collectors.toMap(Sender::channel, Function.identity()));
    this.config = config;
    this.clock = clock;
    this.metrics = metrics;
    metrics.bound(Bound.PUSHES_UNDER_WAY, underWay::all, config.concurrency());
  }

  /** Looks for deliveries that are due. Returns at once. */
  public void wake() {
    if (asked.getAndIncrement() == 0 && !threads.isShutdown()) {
      threads.execute(this::takeWhatIsDue);
    }
  }

  @Scheduled(every = "${relay.push.every:1s}", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    wake();
  }

  @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  void forget() {
    deliveries.forget(clock.instant().minus(config.outcomesKept()));
  }

  void stop(@Observes ShutdownEvent event) {
    threads.close();
  }

  private void takeWhatIsDue() {
    int seen;
    do {
      seen = asked.get();
      try {
        takeOn();
      } catch (RuntimeException storeAway) {
        LOG.warnf("deliveries wait, because the database is away: %s", storeAway.getMessage());
      }
    } while (!asked.compareAndSet(seen, 0) && isRested());
  }

  /** Each look has a virtual thread of its own, so that resting holds nothing up. */
  private static boolean isRested() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** As many as there is room for, so that a provider that hangs leaves room for the others. */
  private void takeOn() {
    int room = config.concurrency() - underWay.all();
    if (room <= 0 || threads.isShutdown()) {
      return;
    }
    int mostEach = config.provider().concurrency();
    for (Delivery delivery : deliveries.claim(room, mostEach, underWay.each())) {
      underWay.enter(delivery.provider());
      threads.execute(() -> deliver(delivery));
    }
  }

  private void deliver(Delivery delivery) {
    try {
      take(delivery, attempt(delivery));
    } catch (RuntimeException storeAway) {
      // the lease ends and the delivery is taken again
      LOG.warnf(
          "the end of delivery %s was not recorded: %s", delivery.id(), storeAway.getMessage());
    } finally {
      underWay.leave(delivery.provider());
      wake();
    }
  }

  private Attempt attempt(Delivery delivery) {
    if (!delivery.expiresAt().isAfter(clock.instant())) {
      return new Attempt.Later("it was never taken", null, null);
    }
    try {
      return Objects.requireNonNull(senders.get(delivery.channel())).send(delivery);
    } catch (RuntimeException failure) {
      LOG.errorf(failure, "delivery %s of session %s", delivery.id(), delivery.session());
      return new Attempt.Later("it failed in the relay", null, null);
    }
  }

  private void take(Delivery delivery, Attempt attempt) {
    switch (attempt) {
      case Attempt.Taken taken -> finish(delivery, Outcome.SENT, null, taken.status());
      case Attempt.Gone gone ->
          finish(delivery, Outcome.REJECTED, "the subscription is gone", gone.status());
      case Attempt.Refused refused ->
          finish(delivery, Outcome.REJECTED, "the provider refused it", refused.status());
      case Attempt.Impossible impossible ->
          finish(delivery, Outcome.FAILED, impossible.reason(), null);
      case Attempt.Later later -> later(delivery, later);
    }
  }

  private void finish(
      Delivery delivery, Outcome outcome, @Nullable String reason, @Nullable Integer status) {
    if (deliveries.finish(delivery.id(), outcome, reason, status)) {
      metrics.count(Metric.PUSHES, delivery.channel().wireName(), outcome.wireName());
    }
  }

  private void later(Delivery delivery, Attempt.Later later) {
    Instant due = clock.instant().plus(wait(delivery.attempts(), later));
    if (due.isBefore(delivery.expiresAt())) {
      deliveries.postpone(delivery, due, later.reason(), later.status());
    } else {
      finish(delivery, Outcome.EXPIRED, later.reason(), later.status());
    }
  }

  /**
   * Twice as long each time, spread so that not all come back at once; longer when the provider
   * wants that, but never sooner, so that none keeps us busy.
   */
  private static Duration wait(int attempts, Attempt.Later later) {
    long doubled = FIRST_RETRY.toMillis() << Math.min(attempts - 1, 10);
    long millis = Math.min(doubled, SLOWEST_RETRY.toMillis());
    long spread = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    Duration wish = later.after();
    long wished = wish == null ? 0 : Math.min(wish.toMillis(), LONGEST_WISH.toMillis());
    return Duration.ofMillis(Math.max(spread, wished));
  }
}
