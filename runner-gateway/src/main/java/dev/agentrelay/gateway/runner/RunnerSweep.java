package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.HeldSockets;
import dev.agentrelay.gateway.cluster.Mail.HoldsRunner;
import dev.agentrelay.gateway.cluster.Sweeps;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Takes runners off the list whose daemons nobody holds any more: their replica was killed, and
 * they have not come back (sockets.md 4.1); and tells of those that left without anybody being
 * told. What cannot be judged is kept.
 */
@Startup
@Singleton
class RunnerSweep {
  private final RedisLink redis;
  private final HeldSockets sockets;
  private final RunnerRegistrar registrar;
  private final RunnerFarewells farewells;
  private final List<RunnerFeature> features;
  private final Duration replicaGrace;

  RunnerSweep(
      RedisLink redis,
      Sweeps sweeps,
      HeldSockets sockets,
      RunnerRegistrar registrar,
      RunnerFarewells farewells,
      @All List<RunnerFeature> features,
      GatewayConfig config) {
    this.redis = redis;
    this.sockets = sockets;
    this.registrar = registrar;
    this.farewells = farewells;
    this.replicaGrace = config.replicaGrace();
    this.features = features;
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
                return tellUntold(id);
              }
              String connection = record.get(2).toString();
              return sockets
                  .mayBeHeld(
                      new ReplicaId(record.get(0).toString()), new HoldsRunner(id, connection))
                  .compose(
                      held ->
                          held
                              ? Future.succeededFuture()
                              : abandon(id, new UserId(record.get(1).toString()), connection));
            });
  }

  private Future<Void> tellUntold(RunnerId id) {
    return farewells
        .untold(id)
        .compose(
            untold -> {
              if (untold.isEmpty()) {
                return farewells.forget(id);
              }
              if (untold.get().isLeft(replicaGrace)) {
                registrar.tellGone(id, untold.get().end());
                tellFeatures(id);
              }
              return Future.succeededFuture();
            });
  }

  private Future<Void> abandon(RunnerId id, UserId owner, String connection) {
    return registrar
        .remove(id, owner, connection)
        .onSuccess(
            removed -> {
              if (removed) {
                tellFeatures(id);
              }
            })
        .mapEmpty();
  }

  private void tellFeatures(RunnerId id) {
    features.forEach(feature -> feature.abandoned(id));
  }
}
