package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.RedisMemory;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.ring.Append;
import dev.agentrelay.gateway.session.SessionRecords.Ended;
import dev.agentrelay.platform.live.LiveSession;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Ends sessions: viewers first, then the runner, then the list (sockets.md 4.14). */
@Singleton
public class SessionEnding {
  private static final Logger LOG = Logger.getLogger(SessionEnding.class);

  /** The only event in the log that no worker has sent. */
  private static final String LOGGED_END = "session_ended";

  private final SessionRecords records;
  private final OwnedSessions owned;
  private final SessionAudience audience;
  private final RunnerLine runners;
  private final LifecycleEvents lifecycle;
  private final RedisMemory memory;
  private final Duration silentWorkerGrace;

  SessionEnding(
      SessionRecords records,
      OwnedSessions owned,
      SessionAudience audience,
      RunnerLine runners,
      LifecycleEvents lifecycle,
      RedisMemory memory,
      GatewayConfig config) {
    this.records = records;
    this.owned = owned;
    this.audience = audience;
    this.runners = runners;
    this.lifecycle = lifecycle;
    this.memory = memory;
    this.silentWorkerGrace = config.silentWorkerGrace();
  }

  /**
   * The worker has said goodbye for good, or its socket is lost. Everything it sent before is
   * stored first.
   */
  public void end(OwnedSession session) {
    end(session, EndCause.ENDED);
  }

  /**
   * The worker has answered no ping. A network that swallows what it is given looks like this, and
   * the worker comes back once it has noticed the same; by then another registration owns the
   * session and this changes nothing.
   */
  public void endUnlessBack(OwnedSession session) {
    session
        .worker()
        .context()
        .owner()
        .setTimer(silentWorkerGrace.toMillis(), grace -> end(session));
  }

  /** Ends a session that this replica owns, behind everything its worker has sent. */
  void end(OwnedSession session, EndCause cause) {
    session
        .worker()
        .context()
        .runOnContext(turn -> session.inOrder(() -> endInOrder(session, cause)));
  }

  private void endInOrder(OwnedSession session, EndCause cause) {
    if (!session.isOver()) {
      session.writer().append(Append.marker(() -> endNow(session, cause)));
    }
  }

  private void endNow(OwnedSession session, EndCause cause) {
    records
        .end(session, cause)
        .compose(this::unlessIncomplete)
        .onSuccess(
            ended -> {
              owned.remove(session);
              boolean endedHere = ended.isPresent();
              session.worker().context().runOnContext(turn -> close(session, endedHere, cause));
              ended.ifPresent(this::tell);
            })
        .onFailure(
            failure -> {
              LOG.warnf(
                  "The end of session %s waits for Redis: %s", session.id(), failure.getMessage());
              session.worker().context().owner().setTimer(1_000, timer -> end(session, cause));
            });
  }

  /** A session that Redis has lost must be known there again before it can be seen to end. */
  private Future<Optional<Ended>> unlessIncomplete(Optional<Ended> ended) {
    return ended.isPresent()
        ? Future.succeededFuture(ended)
        : memory
            .isIncomplete()
            .compose(
                incomplete ->
                    incomplete
                        ? Future.failedFuture("it is not told of the session again yet")
                        : Future.succeededFuture(ended));
  }

  private void close(OwnedSession session, boolean endedHere, EndCause cause) {
    session.end();
    if (endedHere && session.log().keeps(LOGGED_END)) {
      RawObject event = RawObject.empty().put("type", LOGGED_END).put("reason", cause.reason());
      session.log().add(LOGGED_END, event.toJson());
    }
  }

  /** Ends a session that nobody owns any more, unless somebody has registered it meanwhile. */
  public Future<Void> endAbandoned(LiveSession session, EndCause cause) {
    return records
        .end(session.sessionId(), session.epoch(), session.ephemeral(), cause)
        .onSuccess(ended -> ended.ifPresent(this::tell))
        .mapEmpty();
  }

  /**
   * Tells of the end of a session that has no record any more, unless that was done: a replica may
   * be killed between the one and the other.
   *
   * @param patience how long another replica may still be about to do it
   */
  Future<Void> endUntold(SessionId id, Duration patience) {
    return records
        .untold(id)
        .compose(
            untold -> {
              if (untold.isEmpty()) {
                return records.forget(id);
              }
              if (untold.get().isLeft(patience)) {
                LOG.infof("The end of session %s was never told", id);
                tell(untold.get().end());
              }
              return Future.succeededFuture();
            });
  }

  private void tell(Ended ended) {
    audience.dismissViewers(ended.id(), ended.cause());
    tellRunner(ended.id(), ended.runner(), ended.cause(), ended.sessionFile());
    tellHub(ended.id(), ended.user());
    Instant now = Instant.now();
    lifecycle.say(new SessionEvent.Ended(ended.id(), ended.epoch(), now, ended.cause().reason()));
    String notice = ended.id() + ":" + ended.epoch() + ":ended";
    tellAnswerers(new About(notice, ended.id(), ended.user(), now, null, false, null));
    records
        .forget(ended)
        .onFailure(
            failure ->
                LOG.warnf(
                    "The end of session %s will be told twice: %s",
                    ended.id(), failure.getMessage()));
  }

  /**
   * The session's worker has registered again: its viewers start over, its runner and the list are
   * told.
   */
  void reconnected(OwnedSession session, @Nullable RunnerId runner) {
    audience.dismissViewers(session.id(), EndCause.RECONNECTED);
    tellRunner(session.id(), runner, EndCause.RECONNECTED, null);
    tellHub(session.id(), session.user());
    tellAnswerers(session.about(0));
  }

  /** Nobody waits for the answer to a question any more. */
  private void tellAnswerers(About about) {
    lifecycle.say(new AgentNotice.Settled(about, null));
  }

  private void tellRunner(
      SessionId session, @Nullable RunnerId runner, EndCause cause, @Nullable String sessionFile) {
    if (runner == null) {
      return;
    }
    RawObject payload =
        RawObject.empty().put("sessionId", session.value()).put("reason", cause.reason());
    if (sessionFile != null) {
      payload.put("sessionFile", sessionFile);
    }
    runners
        .emit(runner, "session_ended", payload.toJson())
        .onFailure(
            failure ->
                LOG.warnf(
                    "Runner %s was not told the end of session %s: %s",
                    runner, session, failure.getMessage()));
  }

  private void tellHub(SessionId session, UserId user) {
    RawObject payload = RawObject.empty().put("sessionId", session.value());
    audience.emitToHub(user, "session_removed", payload);
  }
}
