package dev.agentrelay.gateway.cluster;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.gateway.cluster.Mail.Notice;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  public Future<Reply> ask(
      RunnerId runner, Question question, @Nullable RawJson payload, Duration wait) {
    return holder(runner)
        .compose(
            replica ->
                replica
                    .map(holder -> mail.ask(holder, question, payload, wait))
                    .orElse(Future.succeededFuture(Reply.ABSENT)));
  }

  /** Tells the replica that holds the daemon; lost when there is none. */
  public void tell(RunnerId runner, Notice notice) {
    holder(runner).onSuccess(replica -> replica.ifPresent(holder -> mail.tell(holder, notice)));
  }

  private Future<Optional<ReplicaId>> holder(RunnerId runner) {
    return redis
        .send(Request.cmd(Command.HGET).arg(LiveKeys.runner(runner)).arg(RunnerField.REPLICA.key()))
        .map(found -> Optional.ofNullable(found).map(id -> new ReplicaId(id.toString())));
  }
}
