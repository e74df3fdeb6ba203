package dev.agentrelay.platform.live;

import dev.agentrelay.contracts.SessionId;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The newest event that a viewer can start from. */
public final class StoredSnapshot {
  private final String id;
  private final byte[] event;
  private final byte @Nullable [] overlay;

  private StoredSnapshot(Response id, byte[] event, @Nullable Response overlay) {
    this.id = id.toString();
    this.event = event;
    this.overlay = overlay == null ? null : overlay.toBytes();
  }

  /** Sends one command to Redis. */
  public interface Sender extends Function<Request, Future<@Nullable Response>> {}

  /** Its place in the ring. */
  public String id() {
    return id;
  }

  /**
   * A full {@code session_active}, or an {@code agent_end} with messages, as JSON text; not to be
   * changed.
   */
  public byte[] event() {
    return event;
  }

  /**
   * Metadata newer than the event, as JSON text, of a session that has ended; not to be changed.
   */
  public byte @Nullable [] overlay() {
    return overlay;
  }

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
              Response overlay = found.get(2);
              Optional<SnapshotBody> body = body(found);
              if (id == null) {
                return Future.succeededFuture(Optional.empty());
              }
              if (body.isEmpty()) {
                return Future.succeededFuture(
                    Optional.ofNullable(event)
                        .map(text -> new StoredSnapshot(id, text.toBytes(), overlay)));
              }
              return body.get()
                  .read(redis)
                  .compose(
                      text ->
                          text.isEmpty() && again
                              // a newer one has taken its place meanwhile
                              ? read(session, redis, false)
                              : Future.succeededFuture(
                                  text.map(whole -> new StoredSnapshot(id, whole, overlay))));
            });
  }

  /** The size of the latest snapshot's text in bytes; 0 without one. */
  public static Future<Long> size(SessionId session, Sender redis) {
    String key = LiveKeys.snapshot(session);
    return redis
        .apply(Request.cmd(Command.HGET).arg(key).arg(SnapshotField.BYTES.key()))
        .compose(
            bytes ->
                bytes != null
                    ? Future.succeededFuture(bytes)
                    : redis.apply(
                        Request.cmd(Command.HSTRLEN).arg(key).arg(SnapshotField.EVENT.key())))
        .map(length -> Objects.requireNonNull(length).toLong());
  }

  private static Future<Response> fields(SessionId session, Sender redis) {
    Request request = Request.cmd(Command.HMGET).arg(LiveKeys.snapshot(session));
    List.of(
            SnapshotField.ID,
            SnapshotField.EVENT,
            SnapshotField.OVERLAY,
            SnapshotField.BODY,
            SnapshotField.PIECES,
            SnapshotField.BYTES)
        .forEach(field -> request.arg(field.key()));
    return redis.apply(request).map(Objects::requireNonNull);
  }

  private static Optional<SnapshotBody> body(Response found) {
    Response key = found.get(3);
    Response pieces = found.get(4);
    Response bytes = found.get(5);
    return key == null || pieces == null || bytes == null
        ? Optional.empty()
        : Optional.of(new SnapshotBody(key.toString(), pieces.toInteger(), bytes.toInteger()));
  }
}
