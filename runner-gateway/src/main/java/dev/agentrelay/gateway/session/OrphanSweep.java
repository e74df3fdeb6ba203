package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Sweeps;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Ends sessions whose worker nobody holds any more: the replica that did was killed, and the worker
 * has not come back (sockets.md 4.14); and tells of ends that it could not tell of any more. What
 * cannot be judged is kept.
 */
@Startup
@Singleton
class OrphanSweep {
  private static final Logger LOG = Logger.getLogger(OrphanSweep.class);

  private final RedisLink redis;
  private final WorkerPresence workers;
  private final SessionEnding ending;
  private final SharedClock clock;
  private final Duration orphanAfter;
  private final Duration replicaGrace;

  OrphanSweep(
      RedisLink redis,
      Sweeps sweeps,
      WorkerPresence workers,
      SessionEnding ending,
      SharedClock clock,
      GatewayConfig config) {
    this.redis = redis;
    this.workers = workers;
    this.ending = ending;
    this.clock = clock;
    this.orphanAfter = config.orphanAfter();
    this.replicaGrace = config.replicaGrace();
    sweeps.over("sessions", LiveKeys.liveSessions(), id -> judge(new SessionId(id)));
  }

  private Future<Void> judge(SessionId id) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.session(id));
    LiveSession.FIELDS.forEach(field -> request.arg(field.key()));
    return redis
        .send(request)
        .compose(
            values -> {
              LiveSession session = LiveSession.of(id, fields(Objects.requireNonNull(values)));
              if (session == null) {
                return ending.endUntold(id, replicaGrace);
              }
              Instant now = clock.instant();
              Instant sign = session.lastHeartbeatAt();
              if (sign == null || sign.isBefore(session.startedAt())) {
                sign = session.startedAt();
              }
              return sign.plus(orphanAfter).isAfter(now)
                  ? Future.succeededFuture()
                  : workers
                      .mayBeHeld(session)
                      .compose(held -> held ? Future.succeededFuture() : end(session, now));
            });
  }

  private Future<Void> end(LiveSession session, Instant now) {
    Instant expiresAt = session.expiresAt();
    EndCause cause =
        expiresAt != null && expiresAt.isBefore(now) ? EndCause.EXPIRED : EndCause.ORPHANED;
    LOG.infof("%s: %s", cause.reason(), session.sessionId());
    return ending.endAbandoned(session, cause);
  }

  private static Map<SessionField, String> fields(Response values) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    for (int i = 0; i < LiveSession.FIELDS.size(); i++) {
      if (values.get(i) != null) {
        fields.put(LiveSession.FIELDS.get(i), values.get(i).toString());
      }
    }
    return fields;
  }
}
