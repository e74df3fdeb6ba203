package dev.agentrelay.gateway.session;

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
import org.jspecify.annotations.Nullable;

/**
 * Finds the parent of a registering session: the one it names, else the one it had (sockets.md 4.3,
 * step 6).
 */
@Singleton
class Parents {
  private static final Parent NONE = new Parent(null, null);

  private final RedisLink redis;

  Parents(RedisLink redis) {
    this.redis = redis;
  }

  /**
   * A session's parent.
   *
   * @param live the parent, when it is live
   * @param away the parent that is not live just now, and to which the session stays linked
   */
  record Parent(@Nullable SessionId live, @Nullable SessionId away) {}

  Future<Parent> resolve(UserId user, Registration registration) {
    SessionId named = registration.parent();
    return named != null
        ? look(user, named)
        : former(user, registration.requested())
            .compose(former -> former == null ? Future.succeededFuture(NONE) : look(user, former));
  }

  private Future<Parent> look(UserId user, SessionId candidate) {
    return read(candidate, SessionField.USER_ID)
        .map(
            found -> {
              Response owner = found.get(0);
              if (owner == null) {
                return new Parent(null, candidate);
              }
              return owner.toString().equals(user.value()) ? new Parent(candidate, null) : NONE;
            });
  }

  private Future<@Nullable SessionId> former(UserId user, SessionId id) {
    return read(id, SessionField.USER_ID, SessionField.PARENT_ID, SessionField.LINKED_PARENT_ID)
        .map(
            found -> {
              if (found.get(0) == null || !found.get(0).toString().equals(user.value())) {
                return null;
              }
              Response parent = found.get(1) == null ? found.get(2) : found.get(1);
              return parent == null ? null : new SessionId(parent.toString());
            });
  }

  private Future<Response> read(SessionId id, SessionField... fields) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.session(id));
    for (SessionField field : fields) {
      request.arg(field.key());
    }
    return redis.send(request).map(found -> found);
  }
}
