package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Mail.EndWorker;
import dev.agentrelay.gateway.cluster.Mail.Said;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.session.RunnerLinks;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What a daemon says of sessions that run on it (sockets.md 3.2); of any other session it is
 * ignored.
 */
@Singleton
class RunnerSessionReports {
  private static final Logger LOG = Logger.getLogger(RunnerSessionReports.class);
  private static final Duration END_GRACE = Duration.ofSeconds(3);

  private final RedisLink redis;
  private final ReplicaMail mail;
  private final RunnerLinks links;

  RunnerSessionReports(RedisLink redis, ReplicaMail mail, RunnerLinks links) {
    this.redis = redis;
    this.mail = mail;
    this.links = links;
  }

  /** The session's worker is to end itself, and is cut off when it does not. */
  void disconnect(RunnerConnection runner, RawObject payload) {
    after(
        runner,
        payload,
        session ->
            holder(runner, session)
                .compose(
                    holder ->
                        holder.isEmpty()
                            ? Future.succeededFuture()
                            : mail.ask(
                                    holder.get(),
                                    new EndWorker(
                                        session,
                                        "disconnect-" + session + "-" + System.currentTimeMillis(),
                                        END_GRACE.toMillis()),
                                    RawObject.empty().toJson(),
                                    Duration.ZERO)
                                .mapEmpty()));
  }

  /** The daemon has killed the worker; the session is no longer its own. */
  void killed(RunnerConnection runner, RawObject payload) {
    after(runner, payload, session -> links.unlink(session, runner.owner().userId(), runner.id()));
  }

  /** An event for the session's viewers that its worker did not send. */
  void said(RunnerConnection runner, RawObject payload) {
    RawJson event = payload.get("event");
    if (event == null || JsonValues.isNull(event)) {
      return;
    }
    after(
        runner,
        payload,
        session ->
            holder(runner, session)
                .onSuccess(
                    holder ->
                        holder.ifPresent(replica -> mail.tell(replica, new Said(session), event)))
                .mapEmpty());
  }

  private interface Report {
    Future<Void> on(SessionId session);
  }

  private static void after(RunnerConnection runner, RawObject payload, Report report) {
    String session = payload.trimmedText("sessionId");
    if (session == null) {
      return;
    }
    runner
        .afterEarlierReports(() -> report.on(new SessionId(session)))
        .onFailure(
            failure ->
                LOG.warnf(
                    "Runner %s was not heard about session %s: %s",
                    runner.id(), session, failure.getMessage()));
  }

  /** The replica that holds the worker of a session of this runner; empty for any other session. */
  private Future<Optional<ReplicaId>> holder(RunnerConnection runner, SessionId session) {
    return redis
        .send(
            Request.cmd(Command.HMGET)
                .arg(LiveKeys.session(session))
                .arg(SessionField.USER_ID.key())
                .arg(SessionField.RUNNER_ID.key())
                .arg(SessionField.REPLICA.key()))
        .map(
            found -> {
              Response record = Objects.requireNonNull(found);
              boolean its =
                  record.get(0) != null
                      && record.get(1) != null
                      && record.get(0).toString().equals(runner.owner().userId().value())
                      && record.get(1).toString().equals(runner.id().value());
              return its ? Optional.of(new ReplicaId(record.get(2).toString())) : Optional.empty();
            });
  }
}
