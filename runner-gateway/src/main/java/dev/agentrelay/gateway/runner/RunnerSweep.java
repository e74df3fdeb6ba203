package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Presence;
import dev.agentrelay.gateway.cluster.Sweeps;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.Objects;

/**
 * Takes runners off the list whose replica was killed and whose daemons have not come back
 * (sockets.md 4.1).
 */
@Startup
@Singleton
class RunnerSweep {
  private final RedisLink redis;
  private final Presence presence;
  private final RunnerRegistrar registrar;

  RunnerSweep(RedisLink redis, Sweeps sweeps, Presence presence, RunnerRegistrar registrar) {
    this.redis = redis;
    this.presence = presence;
    this.registrar = registrar;
    sweeps.over("runners", LiveKeys.registeredRunners(), id -> judge(new RunnerId(id)));
  }

  private Future<Void> judge(RunnerId id) {
    return redis
        .send(
            Request.cmd(Command.HMGET)
                .arg(LiveKeys.runner(id))
                .arg(RunnerField.REPLICA.key())
                .arg(RunnerField.USER_ID.key())
                .arg(RunnerField.CONNECTION.key()))
        .compose(
            found -> {
              Response record = Objects.requireNonNull(found);
              if (record.get(0) == null) {
                return redis
                    .send(
                        Request.cmd(Command.SREM).arg(LiveKeys.registeredRunners()).arg(id.value()))
                    .mapEmpty();
              }
              return presence
                  .of(new ReplicaId(record.get(0).toString()))
                  .compose(
                      state ->
                          state == Presence.State.GONE
                              ? registrar
                                  .remove(
                                      id,
                                      new UserId(record.get(1).toString()),
                                      record.get(2).toString())
                                  .mapEmpty()
                              : Future.succeededFuture());
            });
  }
}
