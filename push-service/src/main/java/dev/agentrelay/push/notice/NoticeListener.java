package dev.agentrelay.push.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.AgentNotice;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.DataException;
import org.jboss.logging.Logger;

/**
 * Reads {@code relay.notices}, one after the other for each partition. While a store is away a
 * notice is tried again; after five minutes the service gives up, says so in its health and goes on
 * from there when it is restarted.
 */
@ApplicationScoped
class NoticeListener {
  private static final Logger LOG = Logger.getLogger(NoticeListener.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private final Notifications notifications;
  private final ObjectMapper json;

  NoticeListener(Notifications notifications, ObjectMapper json) {
    this.notifications = notifications;
    this.json = json;
  }

  @Incoming("notices")
  Uni<Void> onNotice(String text) {
    AgentNotice notice;
    try {
      notice = json.readValue(text, AgentNotice.class);
    } catch (JsonProcessingException e) {
      LOG.errorf("a notice cannot be read and is left out: %s", e.getOriginalMessage());
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .voidItem()
        .invoke(() -> notifications.take(notice))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure(NoticeListener::canNeverBeStored)
        .recoverWithUni(failure -> leaveOut(notice, failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
        .expireIn(GIVE_UP.toMillis());
  }

  private static boolean canNeverBeStored(Throwable failure) {
    return failure instanceof DataException || failure instanceof ConstraintViolationException;
  }

  private static Uni<Void> leaveOut(AgentNotice notice, Throwable failure) {
    LOG.errorf(failure, "a notice of session %s cannot be stored", notice.about().sessionId());
    return Uni.createFrom().voidItem();
  }
}
