package dev.agentrelay.platform.live;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the text of a large snapshot lies: a hash with a field for each of its pieces, numbered
 * from 0. Redis does nothing else while it handles a value, so no value is large.
 *
 * @param pieces how many there are
 * @param bytes what they hold together
 */
record SnapshotBody(String key, int pieces, int bytes) {
  private static final int READ_TOGETHER = 4;

  /**
   * The whole text; empty when some of it is gone, because a newer snapshot has taken its place.
   */
  Future<Optional<byte[]>> read(StoredSnapshot.Sender redis) {
    return readFrom(0, new byte[bytes], 0, redis);
  }

  private Future<Optional<byte[]>> readFrom(
      int piece, byte[] text, int filled, StoredSnapshot.Sender redis) {
    if (piece >= pieces) {
      return Future.succeededFuture(filled == bytes ? Optional.of(text) : Optional.empty());
    }
    int end = Math.min(pieces, piece + READ_TOGETHER);
    Request request = Request.cmd(Command.HMGET).arg(key);
    for (int each = piece; each < end; each++) {
      request.arg(each);
    }
    return redis
        .apply(request)
        .compose(
            found -> {
              int at = filled;
              for (Response part : Objects.requireNonNull(found)) {
                byte[] read = part == null ? new byte[0] : part.toBytes();
                if (part == null || at + read.length > bytes) {
                  return Future.succeededFuture(Optional.empty());
                }
                System.arraycopy(read, 0, text, at, read.length);
                at += read.length;
              }
              return readFrom(end, text, at, redis);
            });
  }
}
