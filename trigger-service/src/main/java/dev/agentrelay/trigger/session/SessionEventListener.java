package dev.agentrelay.trigger.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.SessionEvent;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.DataException;
import org.jboss.logging.Logger;

/**
 * Reads {@code relay.sessions}, one event after the other for each partition. While Postgres is
 * away an event is tried again; after five minutes the service gives up, says so in its health and
 * goes on from there when it is restarted.
 */
@ApplicationScoped
class SessionEventListener {
  private static final Logger LOG = Logger.getLogger(SessionEventListener.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private final KnownSessions sessions;
  private final Event<SessionOver> over;
  private final ObjectMapper json;

  SessionEventListener(KnownSessions sessions, Event<SessionOver> over, ObjectMapper json) {
    this.sessions = sessions;
    this.over = over;
    this.json = json;
  }

  @Incoming("sessions")
  Uni<Void> onEvent(String text) {
    SessionEvent event;
    try {
      event = json.readValue(text, SessionEvent.class);
    } catch (JsonProcessingException e) {
      LOG.errorf("a session event cannot be read and is left out: %s", e.getOriginalMessage());
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .voidItem()
        .invoke(() -> QuarkusTransaction.requiringNew().run(() -> apply(event)))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure(SessionEventListener::canNeverBeStored)
        .recoverWithUni(failure -> leaveOut(event, failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
        .expireIn(GIVE_UP.toMillis());
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

  private static boolean canNeverBeStored(Throwable failure) {
    return failure instanceof DataException || failure instanceof ConstraintViolationException;
  }

  private static Uni<Void> leaveOut(SessionEvent event, Throwable failure) {
    LOG.errorf(failure, "an event of session %s cannot be stored", event.sessionId());
    return Uni.createFrom().voidItem();
  }
}
