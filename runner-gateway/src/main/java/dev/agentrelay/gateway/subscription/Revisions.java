package dev.agentrelay.gateway.subscription;

import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;

/** The one rising counter that orders snapshots and deltas over the whole cluster. */
@Singleton
class Revisions {
  private static final Script NEXT = Script.load(Revisions.class, "revision.lua");

  private final RedisLink redis;

  Revisions(RedisLink redis) {
    this.redis = redis;
    redis.know(NEXT);
  }

  /** Fails when Redis is away. */
  Future<Long> next() {
    return redis
        .run(NEXT, List.of(LiveKeys.subscriptionRevision()), List.of(System.currentTimeMillis()))
        .map(revision -> Objects.requireNonNull(revision).toLong());
  }
}
