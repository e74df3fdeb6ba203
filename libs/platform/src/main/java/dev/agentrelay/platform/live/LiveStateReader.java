package dev.agentrelay.platform.live;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.time.SharedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the live state. Fails when Redis is away, or is just told again what it has lost: absence
 * is only ever said of a record that is really gone.
 */
@ApplicationScoped
public class LiveStateReader {
  private final Redis redis;
  private final SharedClock clock;
  private final Recollection recollection = new Recollection();

  LiveStateReader(Redis redis, SharedClock clock) {
    this.redis = redis;
    this.clock = clock;
  }

  /** The live session of that id, whoever owns it. */
  public Uni<Optional<LiveSession>> session(SessionId id) {
    return UniHelper.toUni(record(request(id), found -> parse(id, found)));
  }

  /**
   * Like {@link #session}, for whoever expects that there may be none: a session that Redis has
   * lost and was not told of again yet is absent.
   */
  public Uni<Optional<LiveSession>> sessionSoFar(SessionId id) {
    return UniHelper.toUni(
        redis.send(request(id)).map(found -> Optional.ofNullable(parse(id, found))));
  }

  /** Every live session of one user, in no order. */
  public Uni<List<LiveSession>> sessionsOf(UserId user) {
    Request members = Request.cmd(Command.SMEMBERS).arg(LiveKeys.userSessions(user));
    return UniHelper.toUni(redis.send(members).compose(this::readAll));
  }

  /** How many runners and sessions each user has, in the order of the users. */
  public Uni<List<LiveCounts>> countsOf(List<UserId> users) {
    if (users.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    List<Request> requests = new ArrayList<>();
    for (UserId user : users) {
      requests.add(Request.cmd(Command.SCARD).arg(LiveKeys.userRunners(user)));
      requests.add(Request.cmd(Command.SCARD).arg(LiveKeys.userSessions(user)));
    }
    return UniHelper.toUni(redis.batch(requests).map(LiveStateReader::counts));
  }

  private static List<LiveCounts> counts(List<Response> found) {
    List<LiveCounts> counts = new ArrayList<>();
    for (int each = 0; each < found.size(); each += 2) {
      counts.add(new LiveCounts(found.get(each).toLong(), found.get(each + 1).toLong()));
    }
    return counts;
  }

  /** Which snapshot of which registration is a live session's latest; empty when it has none. */
  public Uni<Optional<String>> snapshotVersion(SessionId id) {
    Request epoch =
        Request.cmd(Command.HGET).arg(LiveKeys.session(id)).arg(SessionField.EPOCH.key());
    Request place =
        Request.cmd(Command.HGET).arg(LiveKeys.snapshot(id)).arg(SnapshotField.ID.key());
    return UniHelper.toUni(
        redis
            .batch(List.of(epoch, place))
            .map(
                found ->
                    found.get(0) == null || found.get(1) == null
                        ? Optional.empty()
                        : Optional.of(found.get(0) + "/" + found.get(1))));
  }

  /** The size of the latest snapshot, which outlives its session for a while; 0 without one. */
  public Uni<Long> snapshotBytes(SessionId id) {
    return UniHelper.toUni(StoredSnapshot.size(id, redis::send));
  }

  /** The latest snapshot, which outlives its session for a while. */
  public Uni<Optional<StoredSnapshot>> snapshot(SessionId id) {
    return UniHelper.toUni(StoredSnapshot.read(id, redis::send));
  }

  /** The registered runner of that id, whoever owns it. */
  public Uni<Optional<LiveRunner>> runner(RunnerId id) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.runner(id));
    LiveRunner.FIELDS.forEach(field -> request.arg(field.key()));
    return UniHelper.toUni(record(request, found -> parse(id, found)));
  }

  /** Who looks at a session. */
  public Uni<Onlookers> onlookers(SessionId id) {
    Request request = Request.cmd(Command.HVALS).arg(LiveKeys.onlookers(id));
    return UniHelper.toUni(redis.send(request).map(words -> onlookers(words)));
  }

  /**
   * Whether a session is still linked to its parent; when the record of that was lost, the parent's
   * life decides (sockets.md 4.4.7).
   */
  public Uni<Boolean> isLinkedChild(SessionId parent, SessionId child) {
    return UniHelper.toUni(
        redis
            .batch(
                List.of(
                    Request.cmd(Command.GET).arg(LiveKeys.delinkMarker(child)),
                    Request.cmd(Command.SISMEMBER)
                        .arg(LiveKeys.children(parent))
                        .arg(child.value()),
                    Request.cmd(Command.EXISTS).arg(LiveKeys.session(parent))))
            .map(
                found -> {
                  Response delinkedFrom = found.get(0);
                  boolean delinked =
                      delinkedFrom != null && delinkedFrom.toString().equals(parent.value());
                  return !delinked && found.get(1).toInteger() + found.get(2).toInteger() > 0;
                }));
  }

  private <T> Future<Optional<T>> record(Request fields, Function<Response, @Nullable T> parse) {
    return redis
        .batch(List.of(Request.cmd(Command.GET).arg(LiveKeys.memory()), fields))
        .map(
            found -> {
              Response memory = found.get(0);
              boolean doubtful = recollection.isUnderWay(memory == null ? null : memory.toString());
              Optional<T> record = Optional.ofNullable(parse.apply(found.get(1)));
              if (doubtful && record.isEmpty()) {
                throw RelayException.unavailable();
              }
              return record;
            });
  }

  private Onlookers onlookers(@Nullable Response words) {
    Onlookers all = Onlookers.NOBODY;
    if (words != null) {
      long now = clock.millis();
      for (Response word : words) {
        all = all.and(word.toString(), now);
      }
    }
    return all;
  }

  private Future<List<LiveSession>> readAll(@Nullable Response members) {
    List<SessionId> ids = new ArrayList<>();
    if (members != null) {
      members.forEach(member -> ids.add(new SessionId(member.toString())));
    }
    if (ids.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return redis
        .batch(ids.stream().map(LiveStateReader::request).toList())
        .map(
            found -> {
              List<LiveSession> sessions = new ArrayList<>();
              for (int i = 0; i < ids.size(); i++) {
                sessions.add(parse(ids.get(i), found.get(i)));
              }
              sessions.removeIf(Objects::isNull);
              return sessions;
            });
  }

  private static Request request(SessionId id) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.session(id));
    for (SessionField field : LiveSession.FIELDS) {
      request.arg(field.key());
    }
    return request;
  }

  private static @Nullable LiveSession parse(SessionId id, Response values) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    for (int i = 0; i < LiveSession.FIELDS.size(); i++) {
      Response value = values.get(i);
      if (value != null) {
        fields.put(LiveSession.FIELDS.get(i), value.toString());
      }
    }
    return LiveSession.of(id, fields);
  }

  private static @Nullable LiveRunner parse(RunnerId id, Response values) {
    Map<RunnerField, String> fields = new EnumMap<>(RunnerField.class);
    for (int i = 0; i < LiveRunner.FIELDS.size(); i++) {
      Response value = values.get(i);
      if (value != null) {
        fields.put(LiveRunner.FIELDS.get(i), value.toString());
      }
    }
    return LiveRunner.of(id, fields);
  }
}
