package dev.agentrelay.platform.live;

import dev.agentrelay.contracts.SessionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest event that a viewer can start from.
 *
 * @param id its place in the ring
 * @param event a full {@code session_active}, or an {@code agent_end} with messages, as JSON text
 * @param overlay metadata newer than the event, as JSON text; the session has ended then
 */
public record StoredSnapshot(String id, Buffer event, @Nullable Buffer overlay) {

  /** Sends one command to Redis. */
  public interface Sender extends Function<Request, Future<@Nullable Response>> {}

  /** Reads a session's latest snapshot; fails when Redis is away. */
  public static Future<Optional<StoredSnapshot>> read(SessionId session, Sender redis) {
    return read(session, redis, true);
  }

  private static Future<Optional<StoredSnapshot>> read(
      SessionId session, Sender redis, boolean again) {
    return fields(session, redis)
        .compose(
            found -> {
              Response id = found.get(0);
              Response event = found.get(1);
              Response body = found.get(2);
              if (id == null) {
                return Future.succeededFuture(Optional.empty());
              }
              if (event != null || body == null) {
                return Future.succeededFuture(of(id, event, found.get(3)));
              }
              return redis
                  .apply(Request.cmd(Command.GET).arg(body.toString()))
                  .compose(
                      text ->
                          text == null && again
                              // a newer one has taken its place meanwhile
                              ? read(session, redis, false)
                              : Future.succeededFuture(of(id, text, found.get(3))));
            });
  }

  /** The size of the latest snapshot's text in bytes; 0 without one. */
  public static Future<Long> size(SessionId session, Sender redis) {
    String key = LiveKeys.snapshot(session);
    return redis
        .apply(Request.cmd(Command.HGET).arg(key).arg(SnapshotField.BODY.key()))
        .compose(
            body ->
                redis.apply(
                    body == null
                        ? Request.cmd(Command.HSTRLEN).arg(key).arg(SnapshotField.EVENT.key())
                        : Request.cmd(Command.STRLEN).arg(body.toString())))
        .map(length -> Objects.requireNonNull(length).toLong());
  }

  private static Future<Response> fields(SessionId session, Sender redis) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.snapshot(session));
    List.of(SnapshotField.ID, SnapshotField.EVENT, SnapshotField.BODY, SnapshotField.OVERLAY)
        .forEach(field -> request.arg(field.key()));
    return redis.apply(request).map(Objects::requireNonNull);
  }

  private static Optional<StoredSnapshot> of(
      Response id, @Nullable Response event, @Nullable Response overlay) {
    return event == null
        ? Optional.empty()
        : Optional.of(
            new StoredSnapshot(
                id.toString(), event.toBuffer(), overlay == null ? null : overlay.toBuffer()));
  }
}
