package dev.agentrelay.gateway.cluster;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Judges whether a replica is gone for good. Not knowing is no reason to call it gone. */
@Singleton
public class Presence {
  /** How long the last sign of life of a replica is known. */
  static final Duration REMEMBERED = Duration.ofHours(1);

  private final Replica self;
  private final RedisLink redis;
  private final Duration grace;

  Presence(Replica self, RedisLink redis, GatewayConfig config) {
    this.self = self;
    this.redis = redis;
    this.grace = config.replicaGrace();
  }

  /** How a replica is doing, as far as the others can tell. */
  public enum State {
    /** It refreshes its address. */
    RUNNING,
    /** It does not, but may come back. */
    MISSING,
    /** It has not for longer than its grace. */
    GONE
  }

  /** Fails when Redis is away. */
  public Future<State> of(ReplicaId replica) {
    if (replica.equals(self.id())) {
      return Future.succeededFuture(State.RUNNING);
    }
    return redis
        .send(Request.cmd(Command.EXISTS).arg(LiveKeys.replica(replica)))
        .compose(
            found ->
                Objects.requireNonNull(found).toLong() > 0
                    ? Future.succeededFuture(State.RUNNING)
                    : missing(replica));
  }

  private Future<State> missing(ReplicaId replica) {
    String key = LiveKeys.replicaSeen(replica);
    return redis
        .batch(
            List.of(
                // one of which nothing is known, as Redis may forget, may have been here just now
                Request.cmd(Command.SET)
                    .arg(key)
                    .arg(self.id().value())
                    .arg("NX")
                    .arg("PX")
                    .arg(REMEMBERED.toMillis()),
                // what has run off is counted by Redis, so that no two clocks are compared
                Request.cmd(Command.PTTL).arg(key)))
        .map(
            answers -> {
              long left = Objects.requireNonNull(answers.get(1)).toLong();
              return left >= 0 && REMEMBERED.toMillis() - left >= grace.toMillis()
                  ? State.GONE
                  : State.MISSING;
            });
  }
}
