package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Mail.Relinked;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes down which runner runs a session, and tells the session's owner. */
@Singleton
public class RunnerLinks {
  private static final Script LINK = Script.load(RunnerLinks.class, "link.lua");
  private static final Script UNLINK = Script.load(RunnerLinks.class, "unlink.lua");
  private static final Duration PENDING_LINK_TTL = Duration.ofMinutes(10);

  private final RedisLink redis;
  private final ReplicaMail mail;

  RunnerLinks(RedisLink redis, ReplicaMail mail) {
    this.redis = redis;
    this.mail = mail;
  }

  /** What became of linking a session to its runner. */
  public sealed interface Link {
    record Linked(long epoch) implements Link {}

    record Pending() implements Link {}

    record Foreign() implements Link {}
  }

  /** Has the link to the runner live on for another day. */
  void prolongLink(SessionId id) {
    redis.send(
        Request.cmd(Command.PEXPIRE)
            .arg(LiveKeys.association(id))
            .arg(SessionRecords.ASSOCIATION_TTL.toMillis()));
  }

  /**
   * Takes a session off the runner that has killed its worker; nothing happens when it is not the
   * runner's (sockets.md 3.2).
   */
  public Future<Void> unlink(SessionId id, UserId user, RunnerId runner) {
    return redis
        .run(UNLINK, List.of(LiveKeys.session(id), LiveKeys.association(id)), List.of(user, runner))
        .compose(
            answer -> {
              Response found = Objects.requireNonNull(answer);
              if (found.size() == 0) {
                return Future.succeededFuture();
              }
              tellOwner(found.get(0).toString(), new Relinked(id, null, null));
              return redis
                  .send(
                      Request.cmd(Command.SREM)
                          .arg(LiveKeys.runnerSessions(runner))
                          .arg(id.value()))
                  .mapEmpty();
            });
  }

  private void tellOwner(String replica, Relinked notice) {
    if (!replica.isEmpty()) {
      mail.tell(new ReplicaId(replica), notice);
    }
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
            SessionRecords.ASSOCIATION_TTL.toMillis());
    return redis
        .run(LINK, keys, arguments)
        .compose(
            answer -> {
              Response found = Objects.requireNonNull(answer);
              return switch (found.get(0).toString()) {
                case "foreign" -> Future.succeededFuture((Link) new Link.Foreign());
                case "pending" -> Future.succeededFuture((Link) new Link.Pending());
                default -> {
                  tellOwner(found.get(2).toString(), new Relinked(id, runner, runnerName));
                  yield redis
                      .send(
                          Request.cmd(Command.SADD)
                              .arg(LiveKeys.runnerSessions(runner))
                              .arg(id.value()))
                      .map(done -> (Link) new Link.Linked(found.get(1).toLong()));
                }
              };
            });
  }
}
