package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.HeldSockets;
import dev.agentrelay.gateway.cluster.Mail.Holds;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The live sessions that a runner is to adopt when it registers (sockets.md 4.1, step 6). */
@Singleton
class RunnerSessions {
  private final RedisLink redis;
  private final HeldSockets sockets;

  RunnerSessions(RedisLink redis, HeldSockets sockets) {
    this.redis = redis;
    this.sockets = sockets;
  }

  /**
   * Entries of {@code existingSessions}: of this runner and its owner only, because a daemon may
   * kill what it adopts.
   */
  Future<List<RawJson>> existing(RunnerConnection runner) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(LiveKeys.runnerSessions(runner.id())))
        .compose(
            members -> {
              List<Future<@Nullable RawJson>> reads = new ArrayList<>();
              if (members != null) {
                members.forEach(
                    member -> reads.add(entry(runner, new SessionId(member.toString()))));
              }
              return Future.all(reads)
                  .map(all -> reads.stream().map(Future::result).filter(Objects::nonNull).toList());
            });
  }

  private Future<@Nullable RawJson> entry(RunnerConnection runner, SessionId id) {
    Request request =
        Request.cmd(Command.HMGET)
            .arg(LiveKeys.session(id))
            .arg(SessionField.USER_ID.key())
            .arg(SessionField.RUNNER_ID.key())
            .arg(SessionField.CWD.key())
            .arg(SessionField.SESSION_FILE.key())
            .arg(SessionField.REPLICA.key())
            .arg(SessionField.EPOCH.key());
    return redis
        .send(request)
        .compose(
            found -> {
              Response record = Objects.requireNonNull(found);
              boolean its =
                  is(record.get(0), runner.owner().userId().value())
                      && is(record.get(1), runner.id().value());
              return its ? connectedEntry(id, record) : Future.succeededFuture(null);
            });
  }

  /** The entry, if the session's worker is connected. */
  private Future<@Nullable RawJson> connectedEntry(SessionId id, Response record) {
    ReplicaId holder = new ReplicaId(record.get(4).toString());
    return sockets
        .isHeld(holder, new Holds(id, Long.parseLong(record.get(5).toString())))
        .map(
            connected -> {
              if (!connected) {
                return null;
              }
              RawObject entry = RawObject.empty().put("sessionId", id.value());
              entry.put("cwd", record.get(2) == null ? "" : record.get(2).toString());
              if (record.get(3) != null) {
                entry.put("sessionFile", record.get(3).toString());
              }
              return entry.toJson();
            });
  }

  private static boolean is(@Nullable Response value, String expected) {
    return value != null && value.toString().equals(expected);
  }
}
