package dev.agentrelay.platform.time;

import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Response;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Asks Redis for the time every few seconds, and says when this machine's clock is wrong. */
@Singleton
class RedisTime {
  private static final Logger LOG = Logger.getLogger(RedisTime.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration WRONG = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final ReactiveRedisDataSource redis;
  private final SharedClock clock;
  private long timer;
  private volatile boolean wrong;

  RedisTime(Vertx vertx, ReactiveRedisDataSource redis, SharedClock clock, RelayMetrics metrics) {
    this.vertx = vertx;
    this.redis = redis;
    this.clock = clock;
    metrics.gauge(Metric.CLOCK_AHEAD, () -> clock.ownAhead().toSeconds());
  }

  void begin(@Observes StartupEvent started) {
    ask();
    timer = vertx.setPeriodic(EVERY.toMillis(), tick -> ask());
  }

  void end(@Observes ShutdownEvent stopping) {
    vertx.cancelTimer(timer);
  }

  private void ask() {
    long asked = System.nanoTime();
    redis
        .execute("TIME")
        .subscribe()
        .with(
            time -> learn(asked, time),
            // the clock goes on evenly, and Redis' absence is told by those who need it
            failure -> LOG.debugf("Redis did not say what time it is: %s", failure.toString()));
  }

  private void learn(long asked, Response time) {
    long micros = time.get(1).toLong();
    clock.learn(asked, time.get(0).toLong() * 1_000 + micros / 1_000);
    Duration ahead = clock.ownAhead();
    boolean now = ahead.abs().compareTo(WRONG) > 0;
    if (now && !wrong) {
      LOG.warnf("This machine's clock is %s ahead of Redis', by which replicas go", ahead);
    }
    wrong = now;
  }
}
