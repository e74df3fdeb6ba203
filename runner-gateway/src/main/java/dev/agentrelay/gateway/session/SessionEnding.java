package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.eventlog.EventLog;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.ring.Append;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Ends sessions: viewers first, then the runner, then the list (sockets.md 4.14). */
@Singleton
public class SessionEnding {
  private static final Logger LOG = Logger.getLogger(SessionEnding.class);
  private static final String RECONNECTED = "Session reconnected";
  private static final String ENDED = "Session ended";

  /** The only event in the log that no worker has sent. */
  private static final String LOGGED_END = "session_ended";

  private final SessionRecords records;
  private final OwnedSessions owned;
  private final SessionAudience audience;
  private final RunnerLine runners;
  private final LifecycleEvents lifecycle;
  private final EventLog log;

  SessionEnding(
      SessionRecords records,
      OwnedSessions owned,
      SessionAudience audience,
      RunnerLine runners,
      LifecycleEvents lifecycle,
      EventLog log) {
    this.records = records;
    this.owned = owned;
    this.audience = audience;
    this.runners = runners;
    this.lifecycle = lifecycle;
    this.log = log;
  }

  /**
   * The worker has said goodbye for good, or its socket is lost. Everything it sent before is
   * stored first.
   */
  public void end(OwnedSession session, boolean forGood) {
    session.worker().context().runOnContext(turn -> endInOrder(session, forGood));
  }

  private void endInOrder(OwnedSession session, boolean forGood) {
    if (!session.isOver()) {
      session.writer().append(Append.marker(() -> endNow(session, forGood)));
    }
  }

  private void endNow(OwnedSession session, boolean forGood) {
    records
        .end(session, forGood)
        .onSuccess(
            ended -> {
              owned.remove(session);
              session.worker().context().runOnContext(turn -> close(session, ended.isPresent()));
              ended.ifPresent(record -> tell(session, record));
            })
        .onFailure(
            failure -> {
              LOG.warnf(
                  "The end of session %s waits for Redis: %s", session.id(), failure.getMessage());
              session.worker().context().owner().setTimer(1_000, timer -> end(session, forGood));
            });
  }

  private void close(OwnedSession session, boolean endedHere) {
    session.end();
    if (endedHere && log.keeps(LOGGED_END)) {
      RawObject event = RawObject.empty().put("type", LOGGED_END).put("reason", ENDED);
      log.add(
          session.id(),
          session.user(),
          session.epoch(),
          session.nextLogNumber(),
          LOGGED_END,
          event.toJson());
    }
  }

  private void tell(OwnedSession session, SessionRecords.Ended record) {
    audience.dismissViewers(session.id(), ENDED, "session_ended");
    tellRunner(session, record.runner(), ENDED, record.sessionFile());
    tellHub(session);
    lifecycle.say(new SessionEvent.Ended(session.id(), session.epoch(), Instant.now(), ENDED));
  }

  /**
   * The session's worker has registered again: its viewers start over, its runner and the list are
   * told.
   */
  void reconnected(OwnedSession session, @Nullable RunnerId runner) {
    audience.dismissViewers(session.id(), RECONNECTED, "session_reconnected");
    tellRunner(session, runner, RECONNECTED, null);
    tellHub(session);
  }

  private void tellRunner(
      OwnedSession session,
      @Nullable RunnerId runner,
      String reason,
      @Nullable String sessionFile) {
    if (runner == null) {
      return;
    }
    RawObject payload =
        RawObject.empty().put("sessionId", session.id().value()).put("reason", reason);
    if (sessionFile != null) {
      payload.put("sessionFile", sessionFile);
    }
    runners
        .emit(runner, "session_ended", payload.toJson())
        .onFailure(
            failure ->
                LOG.warnf(
                    "Runner %s was not told the end of session %s: %s",
                    runner, session.id(), failure.getMessage()));
  }

  private void tellHub(OwnedSession session) {
    RawObject payload = RawObject.empty().put("sessionId", session.id().value());
    audience.emitToHub(session.user(), "session_removed", payload);
  }
}
