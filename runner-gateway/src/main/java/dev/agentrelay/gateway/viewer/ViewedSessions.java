package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.viewer.ViewedSession.Chunks;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the records of sessions for their viewers. Fails when Redis is away. */
@Singleton
class ViewedSessions {
  private static final List<SessionField> FIELDS = fields();

  private final RedisLink redis;
  private final SharedClock clock;

  ViewedSessions(RedisLink redis, SharedClock clock) {
    this.redis = redis;
    this.clock = clock;
  }

  Future<Optional<ViewedSession>> find(SessionId id) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.session(id));
    FIELDS.forEach(field -> request.arg(field.key()));
    return redis.send(request).map(found -> parse(id, Objects.requireNonNull(found)));
  }

  /**
   * Whether the session id belongs, or belonged, to the user; also for sessions that have ended.
   */
  Future<Boolean> isOwner(SessionId id, UserId user) {
    return redis
        .send(Request.cmd(Command.HGET).arg(LiveKeys.sessionOwner(id)).arg("user"))
        .map(owner -> owner != null && owner.toString().equals(user.value()));
  }

  private Optional<ViewedSession> parse(SessionId id, Response values) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    for (int i = 0; i < FIELDS.size(); i++) {
      Response value = values.get(i);
      if (value != null) {
        fields.put(FIELDS.get(i), value.toString());
      }
    }
    LiveSession live = LiveSession.of(id, fields);
    if (live == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ViewedSession(
            live,
            Long.parseLong(fields.getOrDefault(SessionField.EARLIER_SEQ, "0")),
            json(fields.get(SessionField.HEARTBEAT)),
            RawObject.parse(json(fields.get(SessionField.OVERLAY))),
            chunks(fields.get(SessionField.CHUNKS_UNTIL))));
  }

  private Chunks chunks(@Nullable String until) {
    if (until == null || until.equals("0")) {
      return Chunks.NONE;
    }
    return clock.millis() < Long.parseLong(until) ? Chunks.ARRIVING : Chunks.STALE;
  }

  private static @Nullable RawJson json(@Nullable String text) {
    return text == null ? null : RawJson.of(text);
  }

  private static List<SessionField> fields() {
    List<SessionField> fields = new ArrayList<>(LiveSession.FIELDS);
    fields.add(SessionField.EARLIER_SEQ);
    fields.add(SessionField.CHUNKS_UNTIL);
    fields.add(SessionField.HEARTBEAT);
    fields.add(SessionField.OVERLAY);
    return List.copyOf(fields);
  }
}
