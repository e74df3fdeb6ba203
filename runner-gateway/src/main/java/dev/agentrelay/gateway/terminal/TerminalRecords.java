package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of terminals in Redis. They expire by themselves, so that nobody has to clean up
 * after a replica that is gone. Fails when Redis is away.
 */
@Singleton
class TerminalRecords {
  private static final Script CHANGE = Script.load(TerminalRecords.class, "change.lua");
  private static final Duration SET_TTL = Duration.ofHours(24);
  private static final String STARTED = "started";
  private static final String ENDED = "ended";
  private static final String[] READ = {"runner", "user", "cwd", "cols", "rows", ENDED};

  private final RedisLink redis;
  private final TerminalConfig config;

  TerminalRecords(RedisLink redis, TerminalConfig config) {
    this.redis = redis;
    this.config = config;
  }

  /** Stores a terminal that waits for its first viewer. */
  Future<Void> register(TerminalRecord terminal) {
    Request record =
        Request.cmd(Command.HSET)
            .arg(LiveKeys.terminal(terminal.id()))
            .arg("runner")
            .arg(terminal.runner().value())
            .arg("user")
            .arg(terminal.user().value())
            .arg("cols")
            .arg(terminal.cols())
            .arg("rows")
            .arg(terminal.rows());
    if (terminal.cwd() != null) {
      record.arg("cwd").arg(terminal.cwd());
    }
    String ofRunner = LiveKeys.runnerTerminals(terminal.runner());
    return redis
        .batch(
            List.of(
                record,
                expire(LiveKeys.terminal(terminal.id()), config.unclaimedTtl()),
                Request.cmd(Command.SADD).arg(ofRunner).arg(terminal.id().value()),
                expire(ofRunner, SET_TTL)))
        .mapEmpty();
  }

  Future<Optional<TerminalRecord>> find(TerminalId id) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.terminal(id));
    for (String field : READ) {
      request.arg(field);
    }
    return redis.send(request).map(found -> parse(id, Objects.requireNonNull(found)));
  }

  /** The terminals that were opened on a runner; those that have expired are forgotten here. */
  Future<Set<TerminalId>> ofRunner(RunnerId runner) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(LiveKeys.runnerTerminals(runner)))
        .map(
            members -> {
              Set<TerminalId> ids = new HashSet<>();
              if (members != null) {
                members.forEach(member -> ids.add(new TerminalId(member.toString())));
              }
              return ids;
            });
  }

  /** Claims the start of the shell; true for one caller only. */
  Future<Boolean> claimStart(TerminalId id) {
    return change(id, STARTED, config.idleTtl());
  }

  /** The start did not reach the runner: the next one may try. */
  void giveUpStart(TerminalId id) {
    redis.send(Request.cmd(Command.HDEL).arg(LiveKeys.terminal(id)).arg(STARTED));
  }

  /** Marks the terminal as ended and gives it so long to be seen. */
  Future<Boolean> end(TerminalId id, Duration ttl) {
    return change(id, ENDED, ttl);
  }

  /** Prolongs the terminal's life; false when it is over. */
  Future<Boolean> keep(TerminalId id, Duration ttl) {
    return redis
        .send(expire(LiveKeys.terminal(id), ttl))
        .map(kept -> kept != null && kept.toLong() == 1);
  }

  Future<Boolean> exists(TerminalId id) {
    return redis
        .send(Request.cmd(Command.EXISTS).arg(LiveKeys.terminal(id)))
        .map(found -> found != null && found.toLong() == 1);
  }

  /** The replica has a viewer of the terminal. */
  Future<Void> addViewer(TerminalId id, ReplicaId replica) {
    String key = LiveKeys.terminalViewers(id);
    return redis
        .batch(
            List.of(Request.cmd(Command.SADD).arg(key).arg(replica.value()), expire(key, SET_TTL)))
        .mapEmpty();
  }

  void removeViewer(TerminalId id, ReplicaId replica) {
    redis.send(Request.cmd(Command.SREM).arg(LiveKeys.terminalViewers(id)).arg(replica.value()));
  }

  /** The replicas that have viewers of the terminal. */
  Future<Set<ReplicaId>> viewers(TerminalId id) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(LiveKeys.terminalViewers(id)))
        .map(
            members -> {
              Set<ReplicaId> replicas = new HashSet<>();
              if (members != null) {
                members.forEach(member -> replicas.add(new ReplicaId(member.toString())));
              }
              return replicas;
            });
  }

  void remove(TerminalId id, RunnerId runner) {
    redis.send(
        Request.cmd(Command.DEL).arg(LiveKeys.terminal(id)).arg(LiveKeys.terminalViewers(id)));
    redis.send(Request.cmd(Command.SREM).arg(LiveKeys.runnerTerminals(runner)).arg(id.value()));
  }

  private Future<Boolean> change(TerminalId id, String field, Duration ttl) {
    return redis
        .run(CHANGE, List.of(LiveKeys.terminal(id)), List.of(field, ttl.toMillis()))
        .map(set -> set != null && set.toLong() == 1);
  }

  private static Request expire(String key, Duration ttl) {
    return Request.cmd(Command.PEXPIRE).arg(key).arg(ttl.toMillis());
  }

  private static Optional<TerminalRecord> parse(TerminalId id, Response values) {
    String runner = text(values.get(0));
    String user = text(values.get(1));
    String cols = text(values.get(3));
    String rows = text(values.get(4));
    if (runner == null || user == null || cols == null || rows == null) {
      return Optional.empty();
    }
    return Optional.of(
        new TerminalRecord(
            id,
            new RunnerId(runner),
            new UserId(user),
            text(values.get(2)),
            Long.parseLong(cols),
            Long.parseLong(rows),
            values.get(5) != null));
  }

  private static @Nullable String text(@Nullable Response value) {
    return value == null ? null : value.toString();
  }
}
