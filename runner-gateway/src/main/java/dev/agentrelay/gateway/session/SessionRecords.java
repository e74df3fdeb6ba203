package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.cluster.Untold;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the live records of sessions. Every change is one script, so that replicas never see half
 * of it.
 */
@Singleton
public class SessionRecords {
  private static final Script REGISTER = Script.load(SessionRecords.class, "register.lua");
  private static final Script END = Script.load(SessionRecords.class, "end.lua");
  private static final Script RESTORE = Script.load(SessionRecords.class, "restore.lua");
  private static final Duration OWNER_TTL = Duration.ofDays(30);

  /** How long a session's link to its runner outlives it. */
  static final Duration ASSOCIATION_TTL = Duration.ofHours(24);

  private final RedisLink redis;
  private final Replica self;
  private final GatewayConfig config;
  private final SharedClock clock;

  SessionRecords(RedisLink redis, Replica self, GatewayConfig config, SharedClock clock) {
    this.redis = redis;
    this.self = self;
    this.config = config;
    this.clock = clock;
  }

  /**
   * A session taken into ownership.
   *
   * @param earlierSeq the highest number that its events had in earlier registrations
   * @param previous the replica that owned it until now; absent when it was not live
   */
  record Taken(
      long epoch,
      Instant startedAt,
      long earlierSeq,
      @Nullable ReplicaId previous,
      @Nullable RunnerId runner,
      @Nullable String runnerName) {}

  /** A session that was live until just now. */
  record Ended(
      SessionId id,
      long epoch,
      EndCause cause,
      UserId user,
      @Nullable RunnerId runner,
      @Nullable String sessionFile) {}

  /** Takes the session over with a new epoch; empty when the id belongs to somebody else. */
  Future<Optional<Taken>> register(SessionId id, UserId user, Map<SessionField, String> fields) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(user);
    arguments.add(self.id());
    arguments.add(clock.millis());
    arguments.add(config.sessionTtl().toMillis());
    arguments.add(OWNER_TTL.toMillis());
    arguments.add(ASSOCIATION_TTL.toMillis());
    fields.forEach(
        (field, value) -> {
          arguments.add(field.key());
          arguments.add(value);
        });
    List<String> keys =
        List.of(
            LiveKeys.session(id),
            LiveKeys.ring(id),
            LiveKeys.snapshot(id),
            LiveKeys.sessionOwner(id),
            LiveKeys.pendingLink(id),
            LiveKeys.association(id));
    return redis
        .run(REGISTER, keys, arguments)
        .map(answer -> taken(present(answer)))
        .compose(
            taken ->
                taken.isEmpty() ? Future.succeededFuture(taken) : index(id, user, taken.get()));
  }

  private static Optional<Taken> taken(Response answer) {
    if (answer.get(0).toString().equals("foreign")) {
      return Optional.empty();
    }
    String previous = answer.get(3).toString();
    String runner = answer.get(4).toString();
    String runnerName = answer.get(5).toString();
    return Optional.of(
        new Taken(
            answer.get(1).toLong(),
            Instant.ofEpochMilli(answer.get(2).toLong()),
            answer.get(6).toLong(),
            previous.isEmpty() ? null : new ReplicaId(previous),
            runner.isEmpty() ? null : new RunnerId(runner),
            runnerName.isEmpty() ? null : runnerName));
  }

  private Future<Optional<Taken>> index(SessionId id, UserId user, Taken taken) {
    return redis.batch(indexed(id, user, taken.runner())).map(done -> Optional.of(taken));
  }

  private static List<Request> indexed(SessionId id, UserId user, @Nullable RunnerId runner) {
    List<Request> requests = new ArrayList<>();
    requests.add(Request.cmd(Command.SADD).arg(LiveKeys.liveSessions()).arg(id.value()));
    requests.add(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(user)).arg(id.value()));
    if (runner != null) {
      requests.add(Request.cmd(Command.SADD).arg(LiveKeys.runnerSessions(runner)).arg(id.value()));
    }
    return requests;
  }

  /**
   * Writes the record of an owned session again after Redis has lost it, under the epoch that it
   * has; false when another owner has taken over meanwhile.
   */
  Future<Boolean> restore(OwnedSession session, Map<SessionField, String> fields) {
    SessionId id = session.id();
    String runner = fields.getOrDefault(SessionField.RUNNER_ID, "");
    List<Object> arguments = new ArrayList<>();
    arguments.add(session.user());
    arguments.add(self.id());
    arguments.add(session.epoch());
    arguments.add(config.sessionTtl().toMillis());
    arguments.add(OWNER_TTL.toMillis());
    arguments.add(ASSOCIATION_TTL.toMillis());
    arguments.add(runner);
    arguments.add(fields.getOrDefault(SessionField.RUNNER_NAME, ""));
    fields.forEach(
        (field, value) -> {
          arguments.add(field.key());
          arguments.add(value);
        });
    List<String> keys =
        List.of(LiveKeys.session(id), LiveKeys.sessionOwner(id), LiveKeys.association(id));
    return redis
        .run(RESTORE, keys, arguments)
        .compose(
            answer ->
                present(answer).toLong() == 0
                    ? Future.succeededFuture(false)
                    : redis
                        .batch(
                            indexed(
                                id, session.user(), runner.isEmpty() ? null : new RunnerId(runner)))
                        .map(done -> true));
  }

  /**
   * Ends the session if it is still this registration's; empty when it is not, and nothing was
   * changed. Whoever has told of the end says so by {@link #forget}.
   */
  Future<Optional<Ended>> end(OwnedSession session, EndCause cause) {
    return end(session.id(), session.epoch(), session.ephemeral(), cause);
  }

  /** Ends a session that nobody owns any more, if nobody has registered it again. */
  Future<Optional<Ended>> end(SessionId id, long epoch, boolean ephemeral, EndCause cause) {
    Duration ringTtl = ephemeral ? config.ephemeralTtl() : config.sessionTtl();
    List<String> keys =
        List.of(
            LiveKeys.session(id),
            LiveKeys.ring(id),
            LiveKeys.snapshot(id),
            LiveKeys.pendingLink(id),
            LiveKeys.sessionOwner(id),
            LiveKeys.farewell(id));
    return redis
        .run(END, keys, List.of(epoch, ringTtl.toMillis(), cause.name(), Untold.KEPT.toMillis()))
        .map(
            answer ->
                present(answer).size() == 0
                    ? Optional.empty()
                    : Optional.of(ended(id, epoch, cause, answer)));
  }

  /** The fields begin with the user, the runner and the session file, the latter two maybe "". */
  private static Ended ended(SessionId id, long epoch, EndCause cause, Response fields) {
    String runner = fields.get(1).toString();
    String file = fields.get(2).toString();
    return new Ended(
        id,
        epoch,
        cause,
        new UserId(fields.get(0).toString()),
        runner.isEmpty() ? null : new RunnerId(runner),
        file.isEmpty() ? null : file);
  }

  /** The end of a session without a record; empty when it has been told, or long been over. */
  Future<Optional<Untold<Ended>>> untold(SessionId id) {
    String key = LiveKeys.farewell(id);
    Request farewell = Request.cmd(Command.HMGET).arg(key);
    List.of("userId", "runnerId", "sessionFile", "epoch", "cause").forEach(farewell::arg);
    return redis
        .batch(List.of(farewell, Request.cmd(Command.PTTL).arg(key)))
        .map(
            answers -> {
              Response fields = present(answers.get(0));
              long left = present(answers.get(1)).toLong();
              if (fields.get(0) == null || left < 0) {
                return Optional.empty();
              }
              EndCause cause = EndCause.valueOf(fields.get(4).toString());
              Ended ended = ended(id, fields.get(3).toLong(), cause, fields);
              return Optional.of(Untold.of(ended, left));
            });
  }

  /** Everybody has been told of the end. */
  Future<Void> forget(Ended ended) {
    String id = ended.id().value();
    List<Request> requests = new ArrayList<>();
    requests.add(Request.cmd(Command.SREM).arg(LiveKeys.userSessions(ended.user())).arg(id));
    if (ended.runner() != null) {
      requests.add(Request.cmd(Command.SREM).arg(LiveKeys.runnerSessions(ended.runner())).arg(id));
    }
    requests.add(Request.cmd(Command.DEL).arg(LiveKeys.farewell(ended.id())));
    requests.add(forgetting(ended.id()));
    return redis.batch(requests).mapEmpty();
  }

  /** A record that ran out of its time to live has nobody to be told of it. */
  Future<Void> forget(SessionId id) {
    return redis.send(forgetting(id)).mapEmpty();
  }

  private static Request forgetting(SessionId id) {
    return Request.cmd(Command.SREM).arg(LiveKeys.liveSessions()).arg(id.value());
  }

  private static Response present(@Nullable Response answer) {
    if (answer == null) {
      throw new IllegalStateException("a session script has answered nothing");
    }
    return answer;
  }
}
