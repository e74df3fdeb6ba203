package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks a session's worker for a fresh snapshot when nothing stored can serve a viewer (sockets.md
 * 4.6, steps 9 and 10).
 */
@Singleton
class WorkerRecovery {
  private static final Logger LOG = Logger.getLogger(WorkerRecovery.class);
  private static final String OFFLINE =
      "The runner of this session is offline. The conversation is shown as soon as it is back.";

  /** What a client that lost its connection needs to come back, at its first try. */
  private static final Duration BACK_WITHIN = Duration.ofSeconds(3);

  private final WorkerLine workers;
  private final EndedSessions ended;

  WorkerRecovery(WorkerLine workers, EndedSessions ended) {
    this.workers = workers;
    this.ended = ended;
  }

  /**
   * Nothing could be sent: the worker is asked once the viewer has greeted, at most once for an
   * activation.
   */
  Future<Void> prepare(
      Viewer viewer, long activation, ViewedSession session, @Nullable Long lastSeq) {
    viewer.awaitsWorker = true;
    viewer.mayBeShownKept = lastSeq == null && session.live().seq() == 0;
    RawJson heartbeat = session.heartbeat();
    RawObject event = RawObject.parse(heartbeat);
    if (event != null) {
      viewer.answer("event", session.envelope(event.put("_livenessOnly", true).toJson()));
    }
    return viewer.greeted
        ? ask(viewer, activation, session.live().sessionId())
        : Future.succeededFuture();
  }

  /** The viewer's echo of {@code connected}. */
  void greeted(Viewer viewer, long activation) {
    SessionId session = viewer.session();
    if (viewer.hydrated || session == null) {
      return;
    }
    if (viewer.awaitsWorker) {
      ask(viewer, activation, session);
    } else {
      viewer.greeted = true;
    }
  }

  private Future<Void> ask(Viewer viewer, long activation, SessionId session) {
    viewer.hydrated = true;
    return request(session)
        .compose(
            outcome ->
                outcome == Outcome.ABSENT && viewer.isCurrent(activation)
                    ? doWithoutWorker(viewer, activation, session)
                    : Future.succeededFuture());
  }

  private Future<Void> doWithoutWorker(Viewer viewer, long activation, SessionId session) {
    Future<Optional<RawJson>> kept =
        viewer.mayBeShownKept
            ? ended.kept(viewer, session)
            : Future.succeededFuture(Optional.empty());
    return kept.otherwise(
            failure -> {
              LOG.warnf("What was kept of session %s: %s", session, failure.getMessage());
              return Optional.empty();
            })
        .map(
            state -> {
              if (viewer.isCurrent(activation)) {
                state.ifPresentOrElse(
                    event -> viewer.answer("event", RawObject.empty().put("event", event)),
                    () -> askOnceMore(viewer, activation, session));
              }
              return null;
            });
  }

  /** A worker whose gateway is deployed anew is back before anybody need hear that it is away. */
  private void askOnceMore(Viewer viewer, long activation, SessionId session) {
    Context context = viewer.socket().context();
    context
        .owner()
        .setTimer(
            BACK_WITHIN.toMillis(),
            timer ->
                context.runOnContext(
                    turn -> {
                      if (viewer.isCurrent(activation)) {
                        request(session)
                            .onSuccess(outcome -> sayIfAbsent(viewer, activation, outcome));
                      }
                    }));
  }

  private static void sayIfAbsent(Viewer viewer, long activation, Outcome outcome) {
    if (outcome == Outcome.ABSENT && viewer.isCurrent(activation)) {
      viewer.answer("error", RawObject.empty().put("message", OFFLINE));
    }
  }

  /** Signals the worker that a viewer needs a full snapshot; its answer goes to all viewers. */
  Future<Outcome> request(SessionId session) {
    RawObject signal = RawObject.empty().put("recoveryNonce", UUID.randomUUID().toString());
    return workers
        .emit(session, "connected", signal.toJson())
        .map(reply -> reply.outcome())
        .otherwise(
            failure -> {
              // whether the worker is there is unknown, which is no reason to call it absent
              LOG.warnf(
                  "The worker of session %s could not be asked: %s", session, failure.getMessage());
              return Outcome.LOST;
            });
  }
}
