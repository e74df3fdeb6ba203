package dev.agentrelay.trigger;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.platform.live.SessionField;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes live state as the gateway does. */
public final class LiveRecords {
  private final Redis redis;

  public LiveRecords(Redis redis) {
    this.redis = redis;
  }

  /**
   * Registers a runner.
   *
   * @param services what it announced; absent before it has
   */
  public void announce(RunnerId id, UserId owner, @Nullable String services) {
    Request record =
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(id))
            .arg(RunnerField.USER_ID.key())
            .arg(owner.value())
            .arg(RunnerField.NAME.key())
            .arg("box")
            .arg(RunnerField.REPLICA.key())
            .arg("gateway-1")
            .arg(RunnerField.INFO.key())
            .arg("{}");
    if (services != null) {
      record.arg(RunnerField.ANNOUNCE.key()).arg(services);
    }
    run(record);
  }

  /** Registers a session. */
  public SessionId session(UserId owner, @Nullable RunnerId on, String cwd) {
    SessionId id = new SessionId(UUID.randomUUID().toString());
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(id));
    Map.of(
            SessionField.USER_ID,
            owner.value(),
            SessionField.CWD,
            cwd,
            SessionField.NAME,
            "a name",
            SessionField.REPLICA,
            "gateway-1")
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    if (on != null) {
      record.arg(SessionField.RUNNER_ID.key()).arg(on.value());
    }
    run(record);
    run(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(owner)).arg(id.value()));
    return id;
  }

  public void forget(SessionId id) {
    run(Request.cmd(Command.DEL).arg(LiveKeys.session(id)));
  }

  public void forget(RunnerId id) {
    run(Request.cmd(Command.DEL).arg(LiveKeys.runner(id)));
  }

  private void run(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }
}
