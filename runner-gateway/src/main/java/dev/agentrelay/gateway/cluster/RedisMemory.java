package dev.agentrelay.gateway.cluster;

import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.Recollection;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Notices that Redis has come back without what it knew. Whoever finds no name for its memory gives
 * it one; a name that changes means that everything before it is gone.
 */
@Startup
@Singleton
public class RedisMemory {
  private static final Logger LOG = Logger.getLogger(RedisMemory.class);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

  private final RedisLink redis;
  private final Vertx vertx;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final long timer;
  private @Nullable String known;
  private @Nullable Long lostAt;

  RedisMemory(RedisLink redis, Vertx vertx) {
    this.redis = redis;
    this.vertx = vertx;
    redis.onUp(this::check);
    this.timer = vertx.setPeriodic(CHECK_EVERY.toMillis(), tick -> check());
  }

  /** Runs each time Redis has lost what it knew. */
  public void onLoss(Runnable listener) {
    listeners.add(listener);
  }

  /** Looks now; says whether Redis has lost what it knew since the last look. */
  Future<Boolean> check() {
    String name = UUID.randomUUID().toString();
    return redis
        .batch(
            List.of(
                Request.cmd(Command.SET).arg(LiveKeys.memory()).arg(name).arg("NX"),
                Request.cmd(Command.GET).arg(LiveKeys.memory())))
        .map(answers -> found(Objects.requireNonNull(answers.get(1)).toString()))
        .onFailure(failure -> LOG.debugf("Redis cannot be looked at: %s", failure.getMessage()));
  }

  /** Looks now; says whether what Redis lacks may only not be written again yet. */
  public Future<Boolean> isIncomplete() {
    return check().map(lost -> lost || isFreshlyLost());
  }

  /** Fails as is given, or with 503 where what is missing may only not be written again yet. */
  public <T> Future<T> missing(RelayException absent) {
    return isIncomplete()
        .compose(
            incomplete -> Future.failedFuture(incomplete ? RelayException.unavailable() : absent));
  }

  private synchronized boolean isFreshlyLost() {
    return lostAt != null && System.nanoTime() - lostAt < Recollection.TOLD_AGAIN_WITHIN.toNanos();
  }

  private boolean found(String name) {
    boolean lost;
    synchronized (this) {
      lost = known != null && !known.equals(name);
      known = name;
      lostAt = lost ? (Long) System.nanoTime() : lostAt;
    }
    if (lost) {
      LOG.warn("Redis has lost what it knew; it is told again");
      listeners.forEach(Runnable::run);
    }
    return lost;
  }

  @PreDestroy
  void stop() {
    vertx.cancelTimer(timer);
  }
}
