package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.platform.time.SharedClock;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;

/** Lets the other services know, not too often, that a session is in use. */
@Singleton
class SessionActivity {
  private static final Duration TELL_EVERY = Duration.ofSeconds(30);

  private final LifecycleEvents lifecycle;
  private final GatewayConfig config;
  private final SharedClock clock;

  SessionActivity(LifecycleEvents lifecycle, GatewayConfig config, SharedClock clock) {
    this.lifecycle = lifecycle;
    this.config = config;
    this.clock = clock;
  }

  void seen(OwnedSession session, long now) {
    if (now - session.activity.toldAt >= TELL_EVERY.toMillis()) {
      tell(session, now);
    }
  }

  void renamed(OwnedSession session) {
    tell(session, clock.millis());
  }

  private void tell(OwnedSession session, long now) {
    session.activity.toldAt = now;
    Instant at = Instant.ofEpochMilli(now);
    Instant expiresAt = session.ephemeral() ? at.plus(config.ephemeralTtl()) : null;
    lifecycle.say(
        new SessionEvent.Active(
            session.id(), session.epoch(), at, expiresAt, session.busyness.name));
  }
}
