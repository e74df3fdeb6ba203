package dev.agentrelay.gateway.link;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.redis.RedisLink;
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
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sets of children, of children that have yet to hear of their delinking, and the delink
 * markers (sockets.md 4.9 to 4.12). Fails when Redis is away.
 */
@Singleton
public class ChildLinks {
  private static final Duration SET_TTL = Duration.ofHours(24);
  private static final Duration MARKER_TTL = Duration.ofDays(30);
  private static final List<SessionField> READ =
      List.of(
          SessionField.USER_ID,
          SessionField.PARENT_ID,
          SessionField.LINKED_PARENT_ID,
          SessionField.RUNNER_ID,
          SessionField.NAME,
          SessionField.STARTED_AT);

  private final RedisLink redis;

  ChildLinks(RedisLink redis) {
    this.redis = redis;
  }

  /** The live session of that id, whoever owns it. */
  public Future<Optional<LinkedSession>> find(SessionId id) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.session(id));
    READ.forEach(field -> request.arg(field.key()));
    return redis.send(request).map(found -> parse(id, Objects.requireNonNull(found)));
  }

  private static Optional<LinkedSession> parse(SessionId id, Response fields) {
    String user = text(fields, 0);
    if (user == null) {
      return Optional.empty();
    }
    String parent = text(fields, 1);
    String away = text(fields, 2);
    String runner = text(fields, 3);
    String startedAt = text(fields, 5);
    return Optional.of(
        new LinkedSession(
            id,
            new UserId(user),
            parent == null ? null : new SessionId(parent),
            away == null ? null : new SessionId(away),
            runner == null ? null : new RunnerId(runner),
            text(fields, 4),
            Instant.ofEpochMilli(startedAt == null ? 0 : Long.parseLong(startedAt))));
  }

  private static @Nullable String text(Response fields, int at) {
    Response value = fields.get(at);
    return value == null || value.toString().isEmpty() ? null : value.toString();
  }

  /** Whether the session is in the parent's set, whatever its own record says. */
  public Future<Boolean> isInSet(SessionId parent, SessionId child) {
    return isMember(LiveKeys.children(parent), child);
  }

  /** Whether the parent has delinked the child and the child may not have heard of it yet. */
  public Future<Boolean> isDelinkPending(SessionId parent, SessionId child) {
    return isMember(LiveKeys.pendingDelinks(parent), child);
  }

  /** Whether the child was delinked from that parent. */
  public Future<Boolean> isDelinked(SessionId parent, SessionId child) {
    return redis
        .send(Request.cmd(Command.GET).arg(LiveKeys.delinkMarker(child)))
        .map(marker -> marker != null && marker.toString().equals(parent.value()));
  }

  /**
   * Whether the session is a child of that parent: in its set, or by its own record unless it was
   * delinked; then it is put into the set again (sockets.md 4.9).
   */
  public Future<Boolean> isChild(SessionId parent, LinkedSession child) {
    return isInSet(parent, child.id())
        .compose(
            in ->
                in
                    ? touch(LiveKeys.children(parent)).map(true)
                    : isDelinked(parent, child.id())
                        .compose(
                            delinked ->
                                delinked || !child.names(parent)
                                    ? Future.succeededFuture(false)
                                    : add(parent, child.id()).map(true)));
  }

  /** Puts a session among the parent's children; false when it was there already. */
  public Future<Boolean> add(SessionId parent, SessionId child) {
    String key = LiveKeys.children(parent);
    return redis
        .batch(List.of(Request.cmd(Command.SADD).arg(key).arg(child.value()), expire(key)))
        .map(done -> isOne(done.get(0)));
  }

  /** Links a child for good: whatever was said of a delinking before no longer counts. */
  public Future<Boolean> link(SessionId parent, SessionId child) {
    return redis
        .batch(
            List.of(
                Request.cmd(Command.DEL).arg(LiveKeys.delinkMarker(child)),
                remove(LiveKeys.pendingDelinks(parent), child)))
        .compose(done -> add(parent, child));
  }

  /** Takes a session out of the parent's sets. */
  public Future<Void> forget(SessionId parent, SessionId child) {
    return redis
        .batch(
            List.of(
                remove(LiveKeys.children(parent), child),
                remove(LiveKeys.pendingDelinks(parent), child)))
        .mapEmpty();
  }

  /** The members of the parent's set of children. */
  public Future<Set<SessionId>> children(SessionId parent) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(LiveKeys.children(parent)))
        .map(members -> ids(List.of(Optional.ofNullable(members))));
  }

  /** The children, and those that have yet to hear of an earlier delinking. */
  public Future<Set<SessionId>> delinkable(SessionId parent) {
    return redis
        .batch(
            List.of(
                Request.cmd(Command.SMEMBERS).arg(LiveKeys.children(parent)),
                Request.cmd(Command.SMEMBERS).arg(LiveKeys.pendingDelinks(parent))))
        .map(found -> ids(found.stream().map(Optional::ofNullable).toList()));
  }

  /** Marks the children, notes that they have yet to hear of it, and only then lets go of them. */
  public Future<Void> delink(SessionId parent, Collection<SessionId> children) {
    if (children.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Request> requests = new ArrayList<>();
    String pending = LiveKeys.pendingDelinks(parent);
    for (SessionId child : children) {
      requests.add(
          Request.cmd(Command.SET)
              .arg(LiveKeys.delinkMarker(child))
              .arg(parent.value())
              .arg("PX")
              .arg(MARKER_TTL.toMillis()));
      requests.add(Request.cmd(Command.SADD).arg(pending).arg(child.value()));
    }
    requests.add(expire(pending));
    children.forEach(child -> requests.add(remove(LiveKeys.children(parent), child)));
    return redis.batch(requests).mapEmpty();
  }

  /** These children have heard of their delinking. */
  public Future<Void> heard(SessionId parent, Collection<SessionId> children) {
    if (children.isEmpty()) {
      return Future.succeededFuture();
    }
    Request request = Request.cmd(Command.SREM).arg(LiveKeys.pendingDelinks(parent));
    children.forEach(child -> request.arg(child.value()));
    return redis.send(request).mapEmpty();
  }

  /** Takes the parent out of a child's own record. */
  public Future<Void> clearParent(SessionId child) {
    return redis
        .send(
            Request.cmd(Command.HDEL)
                .arg(LiveKeys.session(child))
                .arg(SessionField.PARENT_ID.key())
                .arg(SessionField.LINKED_PARENT_ID.key()))
        .mapEmpty();
  }

  private Future<Boolean> isMember(String key, SessionId id) {
    return redis
        .send(Request.cmd(Command.SISMEMBER).arg(key).arg(id.value()))
        .map(ChildLinks::isOne);
  }

  private Future<@Nullable Response> touch(String key) {
    return redis.send(expire(key));
  }

  private static Request expire(String key) {
    return Request.cmd(Command.PEXPIRE).arg(key).arg(SET_TTL.toMillis());
  }

  private static Request remove(String key, SessionId id) {
    return Request.cmd(Command.SREM).arg(key).arg(id.value());
  }

  private static Set<SessionId> ids(List<Optional<Response>> sets) {
    Set<SessionId> ids = new LinkedHashSet<>();
    for (Optional<Response> set : sets) {
      set.ifPresent(
          members -> members.forEach(member -> ids.add(new SessionId(member.toString()))));
    }
    return ids;
  }

  private static boolean isOne(@Nullable Response answer) {
    return answer != null && answer.toLong() == 1;
  }
}
