package dev.agentrelay.gateway.subscription;

import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.time.SharedClock;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;

/** The one rising counter that orders snapshots and deltas over the whole cluster. */
@Singleton
class Revisions {
  private static final Script NEXT = Script.load(Revisions.class, "revision.lua");

  private final RedisLink redis;
  private final SharedClock clock;

  Revisions(RedisLink redis, SharedClock clock) {
    this.redis = redis;
    this.clock = clock;
    redis.know(NEXT);
  }

  /** Fails when Redis is away. */
  Future<Long> next() {
    return redis
        .run(NEXT, List.of(LiveKeys.subscriptionRevision()), List.of(clock.millis()))
        .map(revision -> Objects.requireNonNull(revision).toLong());
  }
}
