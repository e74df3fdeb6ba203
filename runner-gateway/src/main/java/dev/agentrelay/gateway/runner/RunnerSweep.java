package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Mail.HoldsRunner;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Presence;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Sweeps;
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
 * they have not come back (sockets.md 4.1). What cannot be judged is kept.
 */
@Startup
@Singleton
class RunnerSweep {
  private final RedisLink redis;
  private final Presence presence;
  private final ReplicaMail mail;
  private final RunnerRegistrar registrar;
  private final List<RunnerFeature> features;

  RunnerSweep(
      RedisLink redis,
      Sweeps sweeps,
      Presence presence,
      ReplicaMail mail,
      RunnerRegistrar registrar,
      @All List<RunnerFeature> features) {
    this.redis = redis;
    this.presence = presence;
    this.mail = mail;
    this.registrar = registrar;
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
                return redis
                    .send(
                        Request.cmd(Command.SREM).arg(LiveKeys.registeredRunners()).arg(id.value()))
                    .mapEmpty();
              }
              String connection = record.get(2).toString();
              return mayBeHeld(new ReplicaId(record.get(0).toString()), id, connection)
                  .compose(
                      held ->
                          held
                              ? Future.succeededFuture()
                              : abandon(id, new UserId(record.get(1).toString()), connection));
            });
  }

  /** Whether some replica holds the daemon, or may hold it. */
  private Future<Boolean> mayBeHeld(ReplicaId replica, RunnerId id, String connection) {
    return presence
        .of(replica)
        .compose(
            state ->
                switch (state) {
                  case GONE -> Future.succeededFuture(false);
                  case MISSING -> Future.succeededFuture(true);
                  // it may have come back under its name without the sockets it had
                  case RUNNING ->
                      mail.ask(replica, new HoldsRunner(id, connection), null, Duration.ZERO)
                          .map(reply -> reply.outcome() != Outcome.REFUSED);
                });
  }

  private Future<Void> abandon(RunnerId id, UserId owner, String connection) {
    return registrar
        .remove(id, owner, connection)
        .onSuccess(
            removed -> {
              if (removed) {
                features.forEach(feature -> feature.abandoned(id));
              }
            })
        .mapEmpty();
  }
}
