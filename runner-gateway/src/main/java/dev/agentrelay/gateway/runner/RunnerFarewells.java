package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Untold;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Removes runners from Redis, and knows of whom nobody says yet that everybody was told: a replica
 * may be killed between the one and the other.
 */
@Singleton
class RunnerFarewells {
  private static final Script REMOVE = Script.load(RunnerFarewells.class, "remove.lua");

  private final RedisLink redis;

  RunnerFarewells(RedisLink redis) {
    this.redis = redis;
  }

  /**
   * Removes the record and its secret; false when the connection was no longer the runner's.
   * Whoever has told of it says so by {@link #told}.
   */
  Future<Boolean> remove(RunnerId id, String connection) {
    return redis
        .run(
            REMOVE,
            List.of(LiveKeys.runner(id), LiveKeys.farewell(id)),
            List.of(connection, Untold.KEPT.toMillis()))
        .map(answer -> Objects.requireNonNull(answer).toLong() == 1);
  }

  /** Whose the runner without a record was; empty when that has been told, or is long past. */
  Future<Optional<Untold<UserId>>> untold(RunnerId id) {
    String key = LiveKeys.farewell(id);
    return redis
        .batch(List.of(Request.cmd(Command.GET).arg(key), Request.cmd(Command.PTTL).arg(key)))
        .map(
            answers -> {
              Response owner = answers.get(0);
              long left = Objects.requireNonNull(answers.get(1)).toLong();
              return owner == null || left < 0
                  ? Optional.empty()
                  : Optional.of(Untold.of(new UserId(owner.toString()), left));
            });
  }

  /** Everybody has been told that the runner is gone. */
  Future<Void> told(RunnerId id, UserId owner) {
    return redis
        .batch(
            List.of(
                Request.cmd(Command.SREM).arg(LiveKeys.userRunners(owner)).arg(id.value()),
                Request.cmd(Command.DEL).arg(LiveKeys.farewell(id)),
                forgetting(id)))
        .mapEmpty();
  }

  /** A record that ran out of its time to live has nobody to be told of it. */
  Future<Void> forget(RunnerId id) {
    return redis.send(forgetting(id)).mapEmpty();
  }

  private static Request forgetting(RunnerId id) {
    return Request.cmd(Command.SREM).arg(LiveKeys.registeredRunners()).arg(id.value());
  }
}
