package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.MissedNews;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.EndCause;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Brings viewers up to date after this replica has not heard the others for a while: a viewer that
 * sees the session's number notices what it lacks and asks for it (sockets.md 4.6, live seq).
 */
@Singleton
class ViewerCatchUp {
  private static final Logger LOG = Logger.getLogger(ViewerCatchUp.class);

  private final ViewedSessions sessions;
  private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();

  ViewerCatchUp(ViewedSessions sessions, MissedNews news) {
    this.sessions = sessions;
    news.listen(this::missed);
  }

  void add(Viewer viewer) {
    viewers.add(viewer);
    viewer.socket().onDisconnect(reason -> viewers.remove(viewer));
  }

  private void missed(boolean recordsLost) {
    for (Viewer viewer : viewers) {
      viewer.socket().context().runOnContext(turn -> catchUp(viewer, recordsLost));
    }
  }

  private void catchUp(Viewer viewer, boolean recordsLost) {
    SessionId id = viewer.session();
    long activation = viewer.activation();
    if (id == null) {
      return;
    }
    sessions
        .find(id)
        .onSuccess(
            found -> {
              if (!viewer.isCurrent(activation)) {
                return;
              }
              if (found.isEmpty()) {
                if (!recordsLost) {
                  dismiss(viewer, id, EndCause.LOST);
                }
              } else if (found.get().live().epoch() == viewer.epoch()) {
                showNumber(viewer, found.get());
              } else {
                dismiss(viewer, id, EndCause.RECONNECTED);
              }
            })
        .onFailure(
            failure ->
                LOG.warnf("A viewer of session %s may lack events: %s", id, failure.getMessage()));
  }

  private static void dismiss(Viewer viewer, SessionId session, EndCause cause) {
    viewer.emit("disconnected", SessionAudience.farewell(session, cause));
    viewer.socket().disconnect();
  }

  private static void showNumber(Viewer viewer, ViewedSession session) {
    RawJson heartbeat = session.heartbeat();
    if (heartbeat != null) {
      viewer.emit(
          "event",
          RawObject.empty()
              .put("event", heartbeat)
              .put("seq", session.live().seq())
              .put("sessionId", session.live().sessionId().value()));
    }
  }
}
