package dev.agentrelay.gateway.ring;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the last events of a session. Fails when Redis is away. */
@Singleton
public class Ring {
  private final RedisLink redis;

  Ring(RedisLink redis) {
    this.redis = redis;
  }

  /** Every entry after sequence number {@code seq}, unsequenced ones included, oldest first. */
  public Future<List<RingEntry>> after(SessionId session, long seq) {
    return read(session, "(" + seq + "-0");
  }

  /** Every entry from the one of that ring id on, oldest first. */
  public Future<List<RingEntry>> from(SessionId session, String ringId) {
    return read(session, ringId);
  }

  /** The latest full {@code session_active} event, also when the ring has already forgotten it. */
  public Future<Optional<RawJson>> latestSnapshot(SessionId session) {
    return redis
        .send(Request.cmd(Command.GET).arg(LiveKeys.snapshot(session)))
        .map(found -> Optional.ofNullable(found).map(text -> RawJson.of(text.toBytes())));
  }

  private Future<List<RingEntry>> read(SessionId session, String from) {
    return redis
        .send(Request.cmd(Command.XRANGE).arg(LiveKeys.ring(session)).arg(from).arg("+"))
        .map(Ring::entries);
  }

  private static List<RingEntry> entries(@Nullable Response found) {
    List<RingEntry> entries = new ArrayList<>();
    if (found != null) {
      for (Response entry : found) {
        String id = entry.get(0).toString();
        int dash = id.indexOf('-');
        boolean sequenced = id.endsWith("-0");
        RawJson event = RawJson.of(entry.get(1).get(1).toBytes());
        entries.add(new RingEntry(Long.parseLong(id.substring(0, dash)), sequenced, event));
      }
    }
    return entries;
  }
}
