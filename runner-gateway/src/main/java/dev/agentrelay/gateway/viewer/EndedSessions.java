package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.LargeSnapshots;
import dev.agentrelay.gateway.ring.Ring;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Shows how an ended session was left to a viewer that names it at the handshake (sockets.md 4.6).
 */
@Singleton
class EndedSessions {
  private static final String NO_STATE = "Session snapshot not available";

  private final ViewedSessions sessions;
  private final Ring ring;
  private final StoredSnapshots stored;
  private final LargeSnapshots large;

  EndedSessions(ViewedSessions sessions, Ring ring, StoredSnapshots stored, LargeSnapshots large) {
    this.sessions = sessions;
    this.ring = ring;
    this.stored = stored;
    this.large = large;
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
                lastState(viewer, session, owner)
                    .onSuccess(
                        state ->
                            state.ifPresentOrElse(
                                event -> show(viewer, session, event),
                                () -> refuse(viewer, owner ? NO_STATE : "Session not found"))))
        .onFailure(failure -> refuse(viewer, "Failed to load session snapshot"));
  }

  /** What Redis still has, otherwise what session-service keeps for that user. */
  private Future<Optional<RawJson>> lastState(Viewer viewer, SessionId session, boolean owner) {
    BooleanSupplier wanted = () -> viewer.socket().isConnected();
    Future<Optional<RawJson>> recent =
        owner
            ? ring.latestSnapshot(
                session,
                wanted,
                snapshot -> Snapshots.truncated(snapshot.event(), snapshot.overlay()))
            : Future.succeededFuture(Optional.empty());
    return recent.compose(
        found -> found.isPresent() ? Future.succeededFuture(found) : kept(viewer, session));
  }

  /** The state that session-service keeps for the viewer's user, with its last messages only. */
  Future<Optional<RawJson>> kept(Viewer viewer, SessionId session) {
    return large.inTurn(
        Long.MAX_VALUE,
        () -> viewer.socket().isConnected(),
        () -> stored.find(session, viewer.caller().userId()).compose(this::truncated));
  }

  private Future<Optional<RawJson>> truncated(Optional<RawJson> kept) {
    return kept.isEmpty()
        ? Future.succeededFuture(kept)
        : large.make(
            kept.get().length(), () -> kept.map(event -> Snapshots.truncated(event, null)));
  }

  private static void show(Viewer viewer, SessionId session, RawJson event) {
    viewer.emit(
        "connected", RawObject.empty().put("sessionId", session.value()).put("replayOnly", true));
    viewer.emit("event", RawObject.empty().put("event", event).put("replay", true));
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
