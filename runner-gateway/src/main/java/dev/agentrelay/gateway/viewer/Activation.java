package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.ClusterRooms;
import dev.agentrelay.gateway.cluster.Mail.Watched;
import dev.agentrelay.gateway.cluster.RedisMemory;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.viewer.Replay.CatchUp;
import dev.agentrelay.gateway.viewer.ViewedSession.Chunks;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Shows a session to a viewer (sockets.md 4.6). A viewer may switch on while this is under way;
 * after each wait the activation stops if it is no longer the viewer's newest.
 */
@Singleton
class Activation {
  private static final Logger LOG = Logger.getLogger(Activation.class);

  private final ViewedSessions sessions;
  private final RunnerRecords runners;
  private final ClusterRooms rooms;
  private final ReplicaMail mail;
  private final Replay replay;
  private final WorkerRecovery recovery;
  private final LocalOnlookers onlookers;
  private final RedisMemory memory;

  Activation(
      ViewedSessions sessions,
      RunnerRecords runners,
      ClusterRooms rooms,
      ReplicaMail mail,
      Replay replay,
      WorkerRecovery recovery,
      LocalOnlookers onlookers,
      RedisMemory memory) {
    this.sessions = sessions;
    this.runners = runners;
    this.rooms = rooms;
    this.mail = mail;
    this.replay = replay;
    this.recovery = recovery;
    this.onlookers = onlookers;
    this.memory = memory;
  }

  /**
   * Starts showing a session, on the viewer's event loop. Completes when the viewer has been
   * answered, or has moved on.
   *
   * @param lastSeq the viewer's cursor; absent when it has nothing yet
   */
  Future<Void> start(
      Viewer viewer, SessionId id, @Nullable RawJson generation, @Nullable Long lastSeq) {
    long activation = viewer.activate(generation);
    leaveOther(viewer, id);
    return sessions
        .find(id)
        .compose(
            found -> {
              if (!viewer.isCurrent(activation)) {
                return Future.succeededFuture();
              }
              if (found.isEmpty()) {
                return ended(viewer, activation, id);
              }
              return admitted(viewer, found.get())
                  ? join(viewer, activation, id, lastSeq)
                  : Future.succeededFuture();
            })
        .onFailure(
            failure -> {
              if (!viewer.isCurrent(activation)) {
                // it has left meanwhile, and its other namespaces are none of our business
                return;
              }
              LOG.warnf("Session %s could not be shown: %s", id, failure.getMessage());
              // the browser comes back over a new connection; silence would leave it waiting
              viewer.socket().closeTransport();
            })
        .onComplete(
            over -> {
              if (viewer.isCurrent(activation)) {
                viewer.socket().resumeRooms(0);
              }
            });
  }

  /** Takes the viewer out of the room of the session it shows, unless it is the given one. */
  void leaveOther(Viewer viewer, @Nullable SessionId next) {
    SessionId shown = viewer.session();
    if (shown != null && !shown.equals(next)) {
      rooms.leave(viewer.socket(), OwnedSession.room(shown));
      viewer.socket().resumeRooms(Long.MAX_VALUE);
      onlookers.left(shown, viewer.visible());
      viewer.show(null, false);
    }
  }

  /** The viewer's page has come to the front, or gone from there. */
  void turned(Viewer viewer, boolean visible) {
    SessionId shown = viewer.session();
    if (shown != null && visible != viewer.visible()) {
      onlookers.turned(shown, visible);
    }
    viewer.setVisible(visible);
  }

  /** There is no such session, unless Redis has lost it and is just told again. */
  private Future<Void> ended(Viewer viewer, long activation, SessionId id) {
    return memory
        .isIncomplete()
        .map(
            incomplete -> {
              if (!viewer.isCurrent(activation)) {
                return null;
              }
              leaveOther(viewer, null);
              if (incomplete) {
                viewer.socket().closeTransport();
                return null;
              }
              viewer.setEnded(id);
              viewer.answer(
                  "disconnected",
                  RawObject.empty()
                      .put("reason", "Session ended")
                      .put("code", "session_ended")
                      .put("sessionId", id.value()));
              return null;
            });
  }

  private boolean admitted(Viewer viewer, ViewedSession found) {
    if (!found.live().userId().equals(viewer.caller().userId())) {
      leaveOther(viewer, null);
      viewer.answer("error", RawObject.empty().put("message", "Session not found"));
      return false;
    }
    return true;
  }

  /**
   * Joins the room first and reads afterwards, so that nothing falls in between; what is said
   * meanwhile comes behind what was read.
   */
  private Future<Void> join(Viewer viewer, long activation, SessionId id, @Nullable Long lastSeq) {
    if (viewer.session() == null) {
      onlookers.came(id, viewer.visible());
    }
    viewer.show(id, false);
    viewer.socket().pauseRooms();
    return rooms
        .join(viewer.socket(), OwnedSession.room(id))
        .compose(joined -> sessions.find(id))
        .compose(
            found -> {
              if (found.isEmpty()) {
                return ended(viewer, activation, id);
              }
              if (!viewer.isCurrent(activation) || !admitted(viewer, found.get())) {
                return Future.succeededFuture();
              }
              ViewedSession session = found.orElseThrow();
              mail.tell(session.live().replica(), new Watched(id));
              return greet(viewer, activation, session)
                  .compose(greeted -> hydrate(viewer, activation, session, lastSeq));
            });
  }

  private Future<Void> greet(Viewer viewer, long activation, ViewedSession session) {
    LiveSession live = session.live();
    viewer.show(live);
    Instant heartbeatAt = live.lastHeartbeatAt();
    viewer.answer(
        "connected",
        RawObject.empty()
            .put("sessionId", live.sessionId().value())
            .put("lastSeq", live.seq())
            .put("isActive", live.active())
            .put("lastHeartbeatAt", heartbeatAt == null ? null : Timestamps.text(heartbeatAt))
            .put("sessionName", live.sessionName())
            .put("meta_source", "hub"));
    RunnerId runner = live.runnerId();
    if (runner == null) {
      return Future.succeededFuture();
    }
    return runners
        .find(runner)
        .onSuccess(
            found -> {
              if (viewer.isCurrent(activation)) {
                found.ifPresent(record -> announceServices(viewer, record));
              }
            })
        .mapEmpty();
  }

  private static void announceServices(Viewer viewer, RunnerRecord runner) {
    RawObject announce = runner.announce();
    List<RawJson> services =
        announce == null ? null : JsonValues.elements(announce.get("serviceIds"));
    if (announce != null && services != null && !services.isEmpty()) {
      viewer.answer(
          "service_announce",
          announce.copy().put("runnerId", runner.id().value()).put("_runnerRef", true));
    }
  }

  /** While chunks of a snapshot come in, what is stored is not worth showing any more. */
  private Future<Void> hydrate(
      Viewer viewer, long activation, ViewedSession session, @Nullable Long lastSeq) {
    if (session.chunks() == Chunks.ARRIVING) {
      return recovery.prepare(viewer, activation, session, lastSeq);
    }
    Future<Optional<CatchUp>> found =
        lastSeq == null
            ? replay.forFreshViewer(session, () -> viewer.isCurrent(activation))
            : replay.forReturning(session, () -> viewer.isCurrent(activation), lastSeq);
    return found.compose(
        catchUp -> {
          if (!viewer.isCurrent(activation)) {
            return Future.succeededFuture();
          }
          if (catchUp.isEmpty()) {
            return recovery.prepare(viewer, activation, session, lastSeq);
          }
          viewer.hydrated = true;
          catchUp.get().envelopes().forEach(envelope -> viewer.answer("event", envelope));
          viewer.socket().resumeRooms(catchUp.get().reaches());
          return session.chunks() == Chunks.STALE
              ? recovery.request(session.live().sessionId()).mapEmpty()
              : Future.succeededFuture();
        });
  }
}
