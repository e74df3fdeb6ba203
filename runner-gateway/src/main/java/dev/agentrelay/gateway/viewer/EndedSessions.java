package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Ring;
import dev.agentrelay.gateway.ring.Ring.Snapshot;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Shows how an ended session was left to a viewer that names it at the handshake (sockets.md 4.6).
 */
@Singleton
class EndedSessions {
  private static final String NO_STATE = "Session snapshot not available";

  private final ViewedSessions sessions;
  private final Ring ring;
  private final StoredSnapshots stored;

  EndedSessions(ViewedSessions sessions, Ring ring, StoredSnapshots stored) {
    this.sessions = sessions;
    this.ring = ring;
    this.stored = stored;
  }

  Future<Boolean> isLive(SessionId session) {
    return sessions.find(session).map(Optional::isPresent);
  }

  /** Sends the last snapshot and takes leave, so that the browser does not come back for more. */
  void replay(Viewer viewer, SessionId session) {
    UserId user = viewer.caller().userId();
    sessions
        .isOwner(session, user)
        .compose(
            owner ->
                lastState(session, user, owner)
                    .onSuccess(
                        state ->
                            state.ifPresentOrElse(
                                event -> show(viewer, session, event),
                                () -> refuse(viewer, owner ? NO_STATE : "Session not found"))))
        .onFailure(failure -> refuse(viewer, "Failed to load session snapshot"));
  }

  /** What Redis still has, otherwise what session-service keeps for that user. */
  private Future<Optional<RawJson>> lastState(SessionId session, UserId user, boolean owner) {
    Future<Optional<RawJson>> recent =
        owner
            ? ring.latestSnapshot(session).map(entry -> entry.map(EndedSessions::whole))
            : Future.succeededFuture(Optional.empty());
    return recent.compose(
        found -> found.isPresent() ? Future.succeededFuture(found) : stored.find(session, user));
  }

  private static RawJson whole(Snapshot snapshot) {
    return Snapshots.whole(snapshot.event(), snapshot.overlay());
  }

  private static void show(Viewer viewer, SessionId session, RawJson event) {
    viewer.emit(
        "connected", RawObject.empty().put("sessionId", session.value()).put("replayOnly", true));
    viewer.emit(
        "event",
        RawObject.empty().put("event", Snapshots.truncated(event, null)).put("replay", true));
    viewer.emit("disconnected", farewell(session));
    viewer.socket().disconnect();
  }

  private static RawObject farewell(SessionId session) {
    return RawObject.empty()
        .put("reason", "Session is no longer live (snapshot replay).")
        .put("code", "snapshot_replay")
        .put("sessionId", session.value());
  }

  private static void refuse(Viewer viewer, String message) {
    viewer.emit("error", RawObject.empty().put("message", message));
    viewer.socket().disconnect();
  }
}
