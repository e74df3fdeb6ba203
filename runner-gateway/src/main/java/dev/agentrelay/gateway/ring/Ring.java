package dev.agentrelay.gateway.ring;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.StoredSnapshot;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the last events of a session. Fails when Redis is away. */
@Singleton
public class Ring {
  private final RedisLink redis;
  private final LargeSnapshots large;

  /**
   * The newest event that a viewer can start from.
   *
   * @param ringId its place in the ring
   * @param event a full {@code session_active}, or an {@code agent_end} with messages
   * @param overlay metadata newer than the event, of a session that has ended
   */
  public record Snapshot(String ringId, RawJson event, @Nullable RawObject overlay) {
    /** The number of the snapshot, or of the chunk that completed it. */
    public long seq() {
      return Long.parseLong(ringId.substring(0, ringId.indexOf('-')));
    }
  }

  /**
   * A snapshot and what came after it.
   *
   * @param rest every entry after it, oldest first; absent when the ring has forgotten the
   *     snapshot's place, so that nobody knows what is missing
   */
  public record SinceSnapshot(Snapshot snapshot, Optional<List<RingEntry>> rest) {}

  Ring(RedisLink redis, LargeSnapshots large) {
    this.redis = redis;
    this.large = large;
  }

  /**
   * Every entry after sequence number {@code seq}, unsequenced ones included, oldest first. A
   * snapshot that comes under that number was there before the event that has it.
   */
  public Future<List<RingEntry>> after(SessionId session, long seq) {
    return read(session, "(" + seq + "-1");
  }

  /** The newest entry; empty when the ring has none. */
  public Future<Optional<RingEntry>> latest(SessionId session) {
    return redis
        .send(
            Request.cmd(Command.XREVRANGE)
                .arg(LiveKeys.ring(session))
                .arg("+")
                .arg("-")
                .arg("COUNT")
                .arg(1))
        .map(found -> entries(found).stream().findFirst());
  }

  /**
   * What is made of the newest event that a viewer can start from, also when the ring has forgotten
   * its place; empty when there is none.
   *
   * @param wanted asked again before a large one is read
   * @param use not always on the caller's thread, and on none that must not wait
   */
  public <T> Future<Optional<T>> latestSnapshot(
      SessionId session, BooleanSupplier wanted, Function<Snapshot, T> use) {
    return inTurn(
        session, wanted, (found, bytes) -> large.make(bytes, () -> Optional.of(use.apply(found))));
  }

  /**
   * What is made of the newest snapshot and all that came after it, as {@link #latestSnapshot}
   * otherwise.
   */
  public <T> Future<Optional<T>> sinceSnapshot(
      SessionId session, BooleanSupplier wanted, Function<SinceSnapshot, T> use) {
    return inTurn(session, wanted, (found, bytes) -> since(session, bytes, found, use));
  }

  /**
   * Reads the newest snapshot when it is its turn among the large ones.
   *
   * @param use is given it and how many bytes it has
   */
  private <T> Future<Optional<T>> inTurn(
      SessionId session,
      BooleanSupplier wanted,
      BiFunction<Snapshot, Long, Future<Optional<T>>> use) {
    return StoredSnapshot.size(session, redis::send)
        .compose(
            bytes ->
                large.inTurn(
                    bytes,
                    wanted,
                    () ->
                        snapshot(session)
                            .compose(
                                found ->
                                    found.isEmpty()
                                        ? Future.succeededFuture(Optional.empty())
                                        : use.apply(found.get(), bytes))));
  }

  private <T> Future<Optional<T>> since(
      SessionId session, long bytes, Snapshot found, Function<SinceSnapshot, T> use) {
    return read(session, found.ringId())
        .compose(entries -> large.make(bytes, () -> Optional.of(use.apply(since(found, entries)))));
  }

  private Future<Optional<Snapshot>> snapshot(SessionId session) {
    return StoredSnapshot.read(session, redis::send).map(found -> found.map(Ring::snapshot));
  }

  private static Snapshot snapshot(StoredSnapshot stored) {
    byte[] overlay = stored.overlay();
    return new Snapshot(
        stored.id(),
        RawJson.of(stored.event()),
        overlay == null ? null : RawObject.parse(RawJson.of(overlay)));
  }

  private static SinceSnapshot since(Snapshot snapshot, List<RingEntry> entries) {
    boolean placed = !entries.isEmpty() && entries.get(0).is(snapshot.ringId());
    return new SinceSnapshot(
        snapshot, placed ? Optional.of(entries.subList(1, entries.size())) : Optional.empty());
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
