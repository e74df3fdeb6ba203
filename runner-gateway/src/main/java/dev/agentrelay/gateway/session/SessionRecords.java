package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
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
  private static final Script LINK = Script.load(SessionRecords.class, "link.lua");
  private static final Duration OWNER_TTL = Duration.ofDays(30);
  private static final Duration PENDING_LINK_TTL = Duration.ofMinutes(10);
  private static final Duration ASSOCIATION_TTL = Duration.ofHours(24);

  private final RedisLink redis;
  private final Replica self;
  private final GatewayConfig config;

  SessionRecords(RedisLink redis, Replica self, GatewayConfig config) {
    this.redis = redis;
    this.self = self;
    this.config = config;
  }

  /**
   * A session taken into ownership.
   *
   * @param previous the replica that owned it until now; absent when it was not live
   */
  record Taken(
      long epoch,
      Instant startedAt,
      @Nullable ReplicaId previous,
      @Nullable RunnerId runner,
      @Nullable String runnerName) {}

  /** A session that this replica has just ended. */
  record Ended(UserId user, @Nullable RunnerId runner, @Nullable String sessionFile) {}

  /** What became of linking a session to its runner. */
  public sealed interface Link {
    record Linked(long epoch) implements Link {}

    record Pending() implements Link {}

    record Foreign() implements Link {}
  }

  /** Takes the session over with a new epoch; empty when the id belongs to somebody else. */
  Future<Optional<Taken>> register(SessionId id, UserId user, Map<SessionField, String> fields) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(user);
    arguments.add(self.id());
    arguments.add(System.currentTimeMillis());
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
            previous.isEmpty() ? null : new ReplicaId(previous),
            runner.isEmpty() ? null : new RunnerId(runner),
            runnerName.isEmpty() ? null : runnerName));
  }

  private Future<Optional<Taken>> index(SessionId id, UserId user, Taken taken) {
    List<Request> requests = new ArrayList<>();
    requests.add(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(user)).arg(id.value()));
    if (taken.runner() != null) {
      requests.add(
          Request.cmd(Command.SADD).arg(LiveKeys.runnerSessions(taken.runner())).arg(id.value()));
    }
    return redis.batch(requests).map(done -> Optional.of(taken));
  }

  /**
   * Writes the record of an owned session again after Redis has lost it, under the epoch that it
   * has.
   */
  Future<Void> restore(OwnedSession session, Map<SessionField, String> fields) {
    Request record =
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(session.id()))
            .arg(SessionField.USER_ID.key())
            .arg(session.user().value())
            .arg(SessionField.REPLICA.key())
            .arg(self.id().value())
            .arg(SessionField.EPOCH.key())
            .arg(session.epoch());
    fields.forEach((field, value) -> record.arg(field.key()).arg(value));
    Request owner =
        Request.cmd(Command.HSET)
            .arg(LiveKeys.sessionOwner(session.id()))
            .arg("user")
            .arg(session.user().value())
            .arg("epoch")
            .arg(session.epoch());
    Request index =
        Request.cmd(Command.SADD)
            .arg(LiveKeys.userSessions(session.user()))
            .arg(session.id().value());
    return redis.batch(List.of(record, owner, index)).mapEmpty();
  }

  /**
   * Ends the session if it is still this registration's; empty when it is not, and nothing was
   * changed.
   */
  Future<Optional<Ended>> end(OwnedSession session, boolean forGood) {
    SessionId id = session.id();
    Duration ringTtl = session.ephemeral() ? config.ephemeralTtl() : config.sessionTtl();
    List<String> keys =
        List.of(
            LiveKeys.session(id),
            LiveKeys.ring(id),
            LiveKeys.snapshot(id),
            LiveKeys.pendingLink(id),
            LiveKeys.association(id));
    return redis
        .run(END, keys, List.of(session.epoch(), ringTtl.toMillis(), forGood ? "1" : "0"))
        .map(answer -> ended(present(answer)))
        .compose(
            ended -> ended.isEmpty() ? Future.succeededFuture(ended) : forget(id, ended.get()));
  }

  private static Optional<Ended> ended(Response answer) {
    if (answer.size() == 0) {
      return Optional.empty();
    }
    String runner = answer.get(1).toString();
    String file = answer.get(2).toString();
    return Optional.of(
        new Ended(
            new UserId(answer.get(0).toString()),
            runner.isEmpty() ? null : new RunnerId(runner),
            file.isEmpty() ? null : file));
  }

  private Future<Optional<Ended>> forget(SessionId id, Ended ended) {
    List<Request> requests = new ArrayList<>();
    requests.add(
        Request.cmd(Command.SREM).arg(LiveKeys.userSessions(ended.user())).arg(id.value()));
    if (ended.runner() != null) {
      requests.add(
          Request.cmd(Command.SREM).arg(LiveKeys.runnerSessions(ended.runner())).arg(id.value()));
    }
    return redis.batch(requests).map(done -> Optional.of(ended));
  }

  /** Links a session, live or about to register, to a runner of the same user (sockets.md 4.2). */
  public Future<Link> link(
      SessionId id, UserId user, RunnerId runner, @Nullable String runnerName) {
    List<String> keys =
        List.of(LiveKeys.session(id), LiveKeys.pendingLink(id), LiveKeys.association(id));
    List<Object> arguments =
        List.of(
            user,
            runner,
            runnerName == null ? "" : runnerName,
            PENDING_LINK_TTL.toMillis(),
            ASSOCIATION_TTL.toMillis());
    return redis
        .run(LINK, keys, arguments)
        .compose(
            answer -> {
              Response found = present(answer);
              return switch (found.get(0).toString()) {
                case "foreign" -> Future.succeededFuture((Link) new Link.Foreign());
                case "pending" -> Future.succeededFuture((Link) new Link.Pending());
                default ->
                    redis
                        .send(
                            Request.cmd(Command.SADD)
                                .arg(LiveKeys.runnerSessions(runner))
                                .arg(id.value()))
                        .map(done -> (Link) new Link.Linked(found.get(1).toLong()));
              };
            });
  }

  private static Response present(@Nullable Response answer) {
    if (answer == null) {
      throw new IllegalStateException("a session script has answered nothing");
    }
    return answer;
  }
}
