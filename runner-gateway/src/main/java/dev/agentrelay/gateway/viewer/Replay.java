package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Ring;
import dev.agentrelay.gateway.ring.Ring.SinceSnapshot;
import dev.agentrelay.gateway.ring.RingEntry;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Picks from a session's ring what brings a viewer up to date (sockets.md 4.6, snapshot choice).
 */
@Singleton
class Replay {
  private final Ring ring;

  /**
   * What brings a viewer up to date.
   *
   * @param envelopes to send, oldest first, without the viewer's generation; none when the viewer
   *     has everything already
   * @param reaches the number of the last event that the viewer has then; 0 when that is not known
   */
  record CatchUp(List<RawObject> envelopes, long reaches) {}

  Replay(Ring ring) {
    this.ring = ring;
  }

  /**
   * For a viewer that has been away. Absent when the worker must be asked, as it must when the
   * cursor may be from before its worker registered again: the numbers have started over since.
   */
  Future<Optional<CatchUp>> forReturning(
      ViewedSession session, BooleanSupplier wanted, long lastSeq) {
    return session.mayPredate(lastSeq)
        ? Future.succeededFuture(Optional.empty())
        : forCursor(session, wanted, lastSeq);
  }

  /** Absent when the ring cannot help, and the worker must be asked. */
  Future<Optional<CatchUp>> forCursor(ViewedSession session, BooleanSupplier wanted, long lastSeq) {
    SessionId id = session.live().sessionId();
    return ring.after(id, lastSeq)
        .compose(
            entries -> {
              if (!entries.isEmpty() && reach(entries, lastSeq) == last(entries)) {
                return found(new CatchUp(deltas(entries), last(entries)));
              }
              if (lastSeq == session.live().seq()) {
                return found(new CatchUp(List.of(), lastSeq));
              }
              return ring.sinceSnapshot(id, wanted, since -> covering(session, since, lastSeq))
                  .map(covered -> covered.flatMap(Function.identity()));
            });
  }

  /**
   * The newest snapshot whole and all after it, if that provably reaches the viewer's cursor. One
   * that is too large to be sent whole comes from the worker, in chunks.
   */
  private static Optional<CatchUp> covering(
      ViewedSession session, SinceSnapshot since, long lastSeq) {
    Optional<List<RingEntry>> rest = since.rest();
    if (rest.isEmpty()
        || reach(rest.get(), since.snapshot().seq()) < lastSeq
        || !Snapshots.mayBeSentWhole(since.snapshot().event())) {
      return Optional.empty();
    }
    RawJson whole = Snapshots.whole(since.snapshot().event(), session.overlay());
    return Optional.of(startingWith(whole, since, rest.get()));
  }

  /**
   * The newest snapshot, cut to its last messages, and every numbered event after it. Where the
   * ring has forgotten the snapshot's place, what came after it is not known and left out.
   */
  Future<Optional<CatchUp>> forFreshViewer(ViewedSession session, BooleanSupplier wanted) {
    return ring.sinceSnapshot(
        session.live().sessionId(),
        wanted,
        since -> {
          RawJson event = since.snapshot().event();
          return since
              .rest()
              .map(rest -> startingWith(Snapshots.truncated(event, session.overlay()), since, rest))
              .orElseGet(() -> new CatchUp(List.of(latest(event, session.overlay())), 0));
        });
  }

  private static RawObject latest(RawJson event, @Nullable RawObject overlay) {
    RawObject truncated = RawObject.parse(Snapshots.truncated(event, overlay));
    RawJson shown = truncated == null ? event : truncated.put("_metaViaHub", true).toJson();
    return RawObject.empty().put("event", shown);
  }

  /** How far the entries follow {@code seq} without a hole; an unnumbered entry ends it. */
  private static long reach(List<RingEntry> entries, long seq) {
    long reached = seq;
    for (RingEntry entry : entries) {
      if (!entry.sequenced() || entry.seq() != reached + 1) {
        break;
      }
      reached++;
    }
    return reached;
  }

  private static long last(List<RingEntry> entries) {
    RingEntry last = entries.get(entries.size() - 1);
    return last.sequenced() ? last.seq() : -1;
  }

  private static CatchUp startingWith(RawJson snapshot, SinceSnapshot since, List<RingEntry> rest) {
    List<RawObject> envelopes = deltas(rest);
    envelopes.add(0, RawObject.empty().put("event", snapshot).put("replay", true));
    long reaches =
        rest.stream().mapToLong(RingEntry::seq).reduce(since.snapshot().seq(), Math::max);
    return new CatchUp(envelopes, reaches);
  }

  private static List<RawObject> deltas(List<RingEntry> entries) {
    List<RawObject> deltas = new ArrayList<>();
    for (RingEntry entry : entries) {
      if (entry.sequenced()) {
        deltas.add(
            RawObject.empty()
                .put("event", entry.event())
                .put("seq", entry.seq())
                .put("replay", true)
                .put("deltaReplay", true));
      }
    }
    return deltas;
  }

  private static Future<Optional<CatchUp>> found(CatchUp catchUp) {
    return Future.succeededFuture(Optional.of(catchUp));
  }
}
