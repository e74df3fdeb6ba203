package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Ring;
import dev.agentrelay.gateway.viewer.ViewedSession.Chunks;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Brings a viewer up to date that has noticed a gap (sockets.md 4.7). */
@Singleton
class Resync {
  private static final Logger LOG = Logger.getLogger(Resync.class);

  private final ViewedSessions sessions;
  private final Replay replay;
  private final Ring ring;
  private final WorkerRecovery recovery;

  Resync(ViewedSessions sessions, Replay replay, Ring ring, WorkerRecovery recovery) {
    this.sessions = sessions;
    this.replay = replay;
    this.ring = ring;
    this.recovery = recovery;
  }

  void answer(Viewer viewer, @Nullable Long lastSeq) {
    SessionId id = viewer.session();
    if (id == null) {
      return;
    }
    long activation = viewer.activation();
    sessions
        .find(id)
        .compose(
            found -> {
              // the last chunk of a snapshot on its way repairs whatever is missing
              if (found.isEmpty()
                  || !viewer.isCurrent(activation)
                  || found.get().chunks() == Chunks.ARRIVING) {
                return Future.succeededFuture();
              }
              return lastSeq == null
                  ? startOver(viewer, activation, found.get())
                  : catchUp(viewer, activation, found.get(), lastSeq);
            })
        .onFailure(
            failure -> LOG.warnf("A viewer of session %s waits: %s", id, failure.getMessage()));
  }

  private Future<Void> catchUp(
      Viewer viewer, long activation, ViewedSession session, long lastSeq) {
    SessionId id = session.live().sessionId();
    return replay
        .forCursor(session, () -> viewer.isCurrent(activation), lastSeq)
        .compose(
            found -> {
              if (!viewer.isCurrent(activation)) {
                return Future.succeededFuture();
              }
              if (found.isPresent()) {
                for (RawObject envelope : found.get().envelopes()) {
                  viewer.answer("event", envelope.put("sessionId", id.value()));
                }
                return Future.succeededFuture();
              }
              // a cursor from the future has nothing to catch up with
              return lastSeq >= session.live().seq()
                  ? Future.succeededFuture()
                  : recovery.request(id).mapEmpty();
            });
  }

  /** Without a cursor: the last heartbeat and the last snapshot under the current number. */
  private Future<Void> startOver(Viewer viewer, long activation, ViewedSession session) {
    return ring.latestSnapshot(
            session.live().sessionId(),
            () -> viewer.isCurrent(activation),
            snapshot -> Snapshots.truncated(snapshot.event(), session.overlay()))
        .compose(
            event ->
                viewer.isCurrent(activation)
                    ? restart(viewer, session, event)
                    : Future.succeededFuture());
  }

  private Future<Void> restart(Viewer viewer, ViewedSession session, Optional<RawJson> snapshot) {
    List<Optional<RawJson>> events = List.of(Optional.ofNullable(session.heartbeat()), snapshot);
    for (Optional<RawJson> event : events) {
      event.ifPresent(json -> viewer.emit("event", session.envelope(json)));
    }
    return snapshot.isPresent() && session.chunks() == Chunks.NONE
        ? Future.succeededFuture()
        : recovery.request(session.live().sessionId()).mapEmpty();
  }
}
