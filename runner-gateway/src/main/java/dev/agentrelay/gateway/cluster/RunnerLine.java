package dev.agentrelay.gateway.cluster;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.gateway.cluster.Mail.Question;
import dev.agentrelay.gateway.cluster.Mail.ToRunner;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reaches the daemon of a runner, whichever replica holds its socket. */
@Singleton
public class RunnerLine {
  private final RedisLink redis;
  private final ReplicaMail mail;

  RunnerLine(RedisLink redis, ReplicaMail mail) {
    this.redis = redis;
    this.mail = mail;
  }

  /**
   * Emits an event; {@link Reply#ABSENT} when no replica holds the daemon. Fails when that cannot
   * be known.
   */
  public Future<Reply> emit(RunnerId runner, String event, RawJson payload) {
    return ask(runner, new ToRunner(runner, event), payload, Duration.ZERO);
  }

  /** Asks the replica that holds the daemon. */
  public Future<Reply> ask(RunnerId runner, Question question, RawJson payload, Duration wait) {
    return redis
        .send(Request.cmd(Command.HGET).arg(LiveKeys.runner(runner)).arg(RunnerField.REPLICA.key()))
        .compose(
            replica ->
                replica == null
                    ? Future.succeededFuture(Reply.ABSENT)
                    : mail.ask(new ReplicaId(replica.toString()), question, payload, wait));
  }
}
