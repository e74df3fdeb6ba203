package dev.agentrelay.gateway.cluster;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Mail.ToWorker;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reaches the worker of a session, whichever replica holds its socket. */
@Singleton
public class WorkerLine {
  private final RedisLink redis;
  private final ReplicaMail mail;

  WorkerLine(RedisLink redis, ReplicaMail mail) {
    this.redis = redis;
    this.mail = mail;
  }

  /**
   * Emits an event; {@link Reply#ABSENT} when no replica holds the worker. Fails when that cannot
   * be known.
   */
  public Future<Reply> emit(SessionId session, String event, RawJson payload) {
    return ask(session, event, payload, Duration.ZERO);
  }

  /** Emits an event and waits so long for the worker's acknowledgement. */
  public Future<Reply> ask(SessionId session, String event, RawJson payload, Duration wait) {
    return ask(session, event, payload, wait, null);
  }

  /**
   * The same as a step of a trace.
   *
   * @param trace the step that it follows, where it is traced
   */
  public Future<Reply> ask(
      SessionId session, String event, RawJson payload, Duration wait, @Nullable String trace) {
    return redis
        .send(
            Request.cmd(Command.HGET)
                .arg(LiveKeys.session(session))
                .arg(SessionField.REPLICA.key()))
        .compose(
            replica ->
                replica == null
                    ? Future.succeededFuture(Reply.ABSENT)
                    : mail.ask(
                        new ReplicaId(replica.toString()),
                        new ToWorker(session, event, wait.toMillis(), trace),
                        payload,
                        wait));
  }
}
