package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

/**
 * Ends ephemeral sessions whose worker is connected and has given no sign of life for too long
 * (sockets.md 4.14). Each replica looks at the sessions it owns, so nobody does twice.
 */
@Startup
@Singleton
class SessionExpiry {
  private final OwnedSessions owned;
  private final SessionEnding ending;
  private final SharedClock clock;
  private final Vertx vertx;
  private final long timer;

  SessionExpiry(
      OwnedSessions owned,
      SessionEnding ending,
      SharedClock clock,
      Vertx vertx,
      GatewayConfig config) {
    this.owned = owned;
    this.ending = ending;
    this.clock = clock;
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(config.sweepEvery().toMillis(), tick -> sweep());
  }

  private void sweep() {
    for (OwnedSession session : owned.all()) {
      session.worker().context().runOnContext(turn -> judge(session));
    }
  }

  private void judge(OwnedSession session) {
    String expiresAt = session.record().get(SessionField.EXPIRES_AT);
    if (session.isOver() || expiresAt == null || Long.parseLong(expiresAt) > clock.millis()) {
      return;
    }
    ending.end(session, EndCause.EXPIRED);
    session
        .worker()
        .emit("session_expired", RawObject.empty().put("sessionId", session.id().value()).toJson());
    session.worker().disconnectAndClose();
  }

  @PreDestroy
  void stop() {
    vertx.cancelTimer(timer);
  }
}
