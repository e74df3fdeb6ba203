package dev.agentrelay.gateway.command;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.command.CommandRunner.Result;
import dev.agentrelay.gateway.quota.UserQuotas;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.Registration;
import dev.agentrelay.gateway.spawn.SessionStarts;
import dev.agentrelay.gateway.spawn.SessionStarts.Start;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Starts sessions for other services (sockets.md 4.2, variants). */
@Singleton
class SpawnCommands {
  /** As long as one attempt can take, its worker's start included. */
  private static final Duration WAKE_TAKES = Duration.ofSeconds(25);

  private static final Set<Outcome> NOT_TAKEN =
      Set.of(Outcome.ABSENT, Outcome.REFUSED, Outcome.UNKNOWN);

  private final RunnerRecords runners;
  private final UserQuotas quotas;
  private final SessionStarts starts;
  private final RedisLink redis;

  SpawnCommands(RunnerRecords runners, UserQuotas quotas, SessionStarts starts, RedisLink redis) {
    this.runners = runners;
    this.quotas = quotas;
    this.starts = starts;
    this.redis = redis;
  }

  Future<Result> spawn(UserId user, Spawn spawn) {
    SessionId session = spawn.session() == null ? Registration.freshId() : spawn.session();
    return checked(user, spawn)
        .compose(
            refusal ->
                refusal.isPresent()
                    ? Future.succeededFuture(refusal.get())
                    : begin(user, session, spawn));
  }

  /**
   * Asks for a session that a replica which is gone may have asked for. A runner that does not take
   * the session now may have taken it then, and refuse only to run it twice.
   */
  Future<Result> spawnAgain(UserId user, Spawn spawn) {
    SessionId session = spawn.session();
    return spawn(user, spawn)
        .compose(
            result ->
                session != null && NOT_TAKEN.contains(result.outcome())
                    ? starts
                        .link(session, user, spawn.runner())
                        .map(linked -> Result.of(Outcome.DELIVERED, session))
                    : Future.succeededFuture(result));
  }

  /**
   * Why it cannot be begun; empty when the runner is there and the user's, who has room for one
   * session more.
   */
  Future<Optional<Result>> checked(UserId user, Spawn spawn) {
    return quotas
        .requireSession(user, spawn.session())
        .compose(room -> refusal(user, spawn))
        .recover(
            failure ->
                failure instanceof RelayException enough
                    ? Future.succeededFuture(
                        Optional.of(new Result(Outcome.REFUSED, spawn.session(), enough.text())))
                    : Future.failedFuture(failure));
  }

  private Future<Optional<Result>> refusal(UserId user, Spawn spawn) {
    return runners
        .find(spawn.runner())
        .map(
            found -> {
              if (found.isEmpty()) {
                return Optional.of(
                    new Result(Outcome.UNKNOWN, spawn.session(), "Runner not found"));
              }
              return found.get().user().equals(user)
                  ? Optional.empty()
                  : Optional.of(new Result(Outcome.FORBIDDEN, spawn.session(), "Forbidden"));
            });
  }

  /** Starts the session on a runner that was checked. */
  Future<Result> begin(UserId user, SessionId session, Spawn spawn) {
    return session.value().equals(spawn.resumeId())
        ? woken(user, session, spawn)
        : started(user, session, spawn);
  }

  /** Several that want the same session at once share one attempt. */
  private Future<Result> woken(UserId user, SessionId session, Spawn spawn) {
    Request claim =
        Request.cmd(Command.SET)
            .arg(LiveKeys.waking(session))
            .arg(spawn.runner().value())
            .arg("NX")
            .arg("PX")
            .arg(WAKE_TAKES.toMillis());
    return redis
        .send(claim)
        .compose(
            claimed ->
                claimed == null
                    ? Future.succeededFuture(Result.of(Outcome.DELIVERED, session))
                    : started(user, session, spawn)
                        .onComplete(
                            done -> {
                              if (done.failed() || !done.result().outcome().isDelivered()) {
                                redis.send(Request.cmd(Command.DEL).arg(LiveKeys.waking(session)));
                              }
                            }));
  }

  private Future<Result> started(UserId user, SessionId session, Spawn spawn) {
    return starts.start(user, session, spawn).map(start -> result(session, start));
  }

  private static Result result(SessionId session, Start start) {
    return switch (start.reply().outcome()) {
      case DONE -> Result.of(Outcome.ACKNOWLEDGED, session);
      case NO_ANSWER, LOST -> Result.of(Outcome.DELIVERED, session);
      case ABSENT -> new Result(Outcome.ABSENT, session, "Runner is not connected to this server");
      case REFUSED -> new Result(Outcome.REFUSED, session, start.refusal());
    };
  }
}
