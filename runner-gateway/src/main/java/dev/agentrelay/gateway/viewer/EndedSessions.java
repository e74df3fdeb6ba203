package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Ring;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Shows how an ended session was left to a viewer that names it at the handshake (sockets.md 4.6).
 */
@Singleton
class EndedSessions {
  private final ViewedSessions sessions;
  private final Ring ring;

  EndedSessions(ViewedSessions sessions, Ring ring) {
    this.sessions = sessions;
    this.ring = ring;
  }

  Future<Boolean> isLive(SessionId session) {
    return sessions.find(session).map(Optional::isPresent);
  }

  /** Sends the last snapshot and takes leave, so that the browser does not come back for more. */
  void replay(Viewer viewer, SessionId session) {
    sessions
        .isOwner(session, viewer.caller().userId())
        .compose(
            owner -> {
              if (!owner) {
                refuse(viewer, "Session not found");
                return Future.succeededFuture();
              }
              return ring.latestSnapshot(session)
                  .onSuccess(
                      snapshot ->
                          snapshot.ifPresentOrElse(
                              event -> {
                                viewer.emit(
                                    "connected",
                                    RawObject.empty()
                                        .put("sessionId", session.value())
                                        .put("replayOnly", true));
                                viewer.emit(
                                    "event",
                                    RawObject.empty()
                                        .put("event", Snapshots.truncated(event, null))
                                        .put("replay", true));
                                viewer.emit("disconnected", farewell(session));
                                viewer.socket().disconnect();
                              },
                              () -> refuse(viewer, "Session snapshot not available")));
            })
        .onFailure(failure -> refuse(viewer, "Failed to load session snapshot"));
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
