package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.MissedNews;
import dev.agentrelay.gateway.cluster.RedisMemory;
import dev.agentrelay.gateway.ring.Ring;
import dev.agentrelay.gateway.session.EndCause;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.gateway.viewer.ViewedSession.Chunks;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Brings viewers up to date after this replica has not heard the others for a while: a viewer that
 * sees the newest event's number notices what it lacks and asks for it (sockets.md 4.6, live seq).
 */
@Singleton
class ViewerCatchUp {
  private static final Logger LOG = Logger.getLogger(ViewerCatchUp.class);

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

  private final ViewedSessions sessions;
  private final Ring ring;
  private final RedisMemory memory;
  private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();

  ViewerCatchUp(ViewedSessions sessions, Ring ring, RedisMemory memory, MissedNews news) {
    this.sessions = sessions;
    this.ring = ring;
    this.memory = memory;
    news.listen(this::missed);
  }

  void add(Viewer viewer) {
    viewers.add(viewer);
    viewer.socket().onDisconnect(reason -> viewers.remove(viewer));
  }

  private void missed() {
    for (Viewer viewer : viewers) {
      viewer.socket().context().runOnContext(turn -> catchUp(viewer));
    }
  }

  private void catchUp(Viewer viewer) {
    SessionId id = viewer.session();
    long activation = viewer.activation();
    if (id == null) {
      return;
    }
    sessions
        .find(id)
        .compose(
            found -> {
              if (viewer.isCurrent(activation)) {
                if (found.isEmpty()) {
                  return missing(viewer, id, activation);
                }
                return compare(viewer, activation, found.get());
              }
              return Future.succeededFuture();
            })
        .onFailure(
            failure ->
                LOG.warnf("A viewer of session %s may lack events: %s", id, failure.getMessage()));
  }

  private Future<Void> compare(Viewer viewer, long activation, ViewedSession session) {
    if (session.live().epoch() != viewer.epoch()) {
      dismiss(viewer, session.live().sessionId(), EndCause.RECONNECTED);
      return Future.succeededFuture();
    }
    // the last chunk of a snapshot on its way repairs whatever is missing
    return session.chunks() == Chunks.ARRIVING
        ? Future.succeededFuture()
        : showLatest(viewer, activation, session);
  }

  /**
   * Under the number of the newest event comes that event itself wherever the ring has it: a viewer
   * that lacks nothing but that takes it for the next one, whatever it is.
   */
  private Future<Void> showLatest(Viewer viewer, long activation, ViewedSession session) {
    return ring.latest(session.live().sessionId())
        .map(
            latest -> {
              if (viewer.isCurrent(activation)) {
                latest
                    .filter(entry -> entry.sequenced() && entry.seq() >= session.live().seq())
                    .ifPresentOrElse(
                        entry -> viewer.emit("event", session.envelope(entry.event(), entry.seq())),
                        () -> showNumber(viewer, session));
              }
              return null;
            });
  }

  /** The session is over, unless Redis has lost it and its owner has not written it again yet. */
  private Future<Void> missing(Viewer viewer, SessionId id, long activation) {
    return memory
        .isIncomplete()
        .map(
            incomplete -> {
              if (viewer.isCurrent(activation)) {
                if (incomplete) {
                  lookAgain(viewer);
                } else {
                  dismiss(viewer, id, EndCause.ENDED);
                }
              }
              return null;
            });
  }

  private void lookAgain(Viewer viewer) {
    Context context = viewer.socket().context();
    context
        .owner()
        .setTimer(
            LOOK_AGAIN_AFTER.toMillis(), timer -> context.runOnContext(turn -> catchUp(viewer)));
  }

  private static void dismiss(Viewer viewer, SessionId session, EndCause cause) {
    viewer.emit("disconnected", SessionAudience.farewell(session, cause));
    viewer.socket().disconnect();
  }

  private static void showNumber(Viewer viewer, ViewedSession session) {
    RawJson heartbeat = session.heartbeat();
    if (heartbeat != null) {
      viewer.emit("event", session.envelope(heartbeat));
    }
  }
}
