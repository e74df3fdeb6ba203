package dev.agentrelay.gateway.service;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries the envelopes of runners' services, which it never looks into, between daemons and the
 * viewers and workers of their sessions (sockets.md 4.16).
 */
@Singleton
class ServiceMessages {
  static final String EVENT = "service_message";

  private static final Logger LOG = Logger.getLogger(ServiceMessages.class);
  private static final int MAX_BYTES = 262_144;

  private final ChildLinks sessions;
  private final RunnerRecords runners;
  private final RunnerLine line;
  private final WorkerLine workers;
  private final SessionAudience audience;
  private final MessageRates rates = new MessageRates();

  ServiceMessages(
      ChildLinks sessions,
      RunnerRecords runners,
      RunnerLine line,
      WorkerLine workers,
      SessionAudience audience) {
    this.sessions = sessions;
    this.runners = runners;
    this.line = line;
    this.workers = workers;
    this.audience = audience;
  }

  /** Passes an envelope to the runner of a session; what is too large or too much is dropped. */
  void toRunner(Socket from, SessionId session, RawObject envelope) {
    RawJson message = envelope.copy().put("sessionId", session.value()).toJson();
    if (!rates.admits(from) || message.length() > MAX_BYTES) {
      return;
    }
    sessions
        .find(session)
        .compose(
            found ->
                found
                    .map(LinkedSession::runner)
                    .map(runner -> line.emit(runner, EVENT, message))
                    .orElse(Future.succeededFuture()))
        .onFailure(
            failure ->
                LOG.warnf(
                    "A service message of session %s is lost: %s", session, failure.getMessage()));
  }

  /** Passes a daemon's envelope to the session it names, or to every session of the runner. */
  void fromRunner(RunnerConnection runner, RawObject envelope) {
    String named = envelope.trimmedText("sessionId");
    targets(runner, named)
        .onSuccess(all -> all.forEach(session -> pass(runner, session, envelope)))
        .onFailure(
            failure ->
                LOG.warnf(
                    "A service message of runner %s is lost: %s",
                    runner.id(), failure.getMessage()));
  }

  private Future<List<SessionId>> targets(RunnerConnection runner, @Nullable String named) {
    if (named != null) {
      return Future.succeededFuture(List.of(new SessionId(named)));
    }
    return runners
        .find(runner.id())
        .map(
            found ->
                found
                    .map(record -> record.sessionIds().stream().map(SessionId::new).toList())
                    .orElse(List.of()));
  }

  private void pass(RunnerConnection runner, SessionId session, RawObject envelope) {
    sessions
        .find(session)
        .onSuccess(
            found -> {
              boolean its =
                  found
                      .filter(live -> runner.id().equals(live.runner()))
                      .filter(live -> live.user().equals(runner.owner().userId()))
                      .isPresent();
              if (its) {
                RawObject copy = envelope.copy().put("sessionId", session.value());
                audience.emitToViewers(session, EVENT, copy);
                workers
                    .emit(session, EVENT, copy.toJson())
                    .onFailure(failure -> lost(session, failure));
              }
            })
        .onFailure(failure -> lost(session, failure));
  }

  private static void lost(SessionId session, Throwable failure) {
    LOG.warnf("A service message for session %s is lost: %s", session, failure.getMessage());
  }
}
