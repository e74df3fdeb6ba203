package dev.agentrelay.trigger.session;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.platform.event.EventIntake;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads {@code relay.sessions}: whose a session is, and when it is over. */
@ApplicationScoped
class SessionEventListener {
  private final EventIntake intake;
  private final KnownSessions sessions;
  private final Event<SessionOver> over;

  SessionEventListener(EventIntake intake, KnownSessions sessions, Event<SessionOver> over) {
    this.intake = intake;
    this.sessions = sessions;
    this.over = over;
  }

  @Incoming("sessions")
  Uni<Void> onEvent(String text) {
    return intake.take(
        text,
        SessionEvent.class,
        event -> QuarkusTransaction.requiringNew().run(() -> apply(event)));
  }

  private void apply(SessionEvent event) {
    switch (event) {
      case SessionEvent.Started started -> sessions.start(started);
      case SessionEvent.Linked linked -> sessions.link(linked);
      case SessionEvent.Active active -> sessions.rename(active);
      case SessionEvent.Ended ended -> {
        if (sessions.end(ended)) {
          over.fire(new SessionOver(ended.sessionId()));
        }
      }
    }
  }
}
