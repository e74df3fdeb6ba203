package dev.agentrelay.trigger.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.trigger.json.StoredJson;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.DataException;
import org.jboss.logging.Logger;

/** Takes what passed between sessions over their sockets into their histories. */
@ApplicationScoped
class TriggerEventListener {
  private static final Logger LOG = Logger.getLogger(TriggerEventListener.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private final History history;
  private final ObjectMapper json;

  TriggerEventListener(History history, ObjectMapper json) {
    this.history = history;
    this.json = json;
  }

  @Incoming("triggers")
  Uni<Void> onEvent(String text) {
    TriggerEvent event;
    try {
      event = json.readValue(text, TriggerEvent.class);
    } catch (JsonProcessingException e) {
      LOG.errorf("a trigger event cannot be read and is left out: %s", e.getOriginalMessage());
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .voidItem()
        .invoke(() -> apply(event))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure(TriggerEventListener::canNeverBeStored)
        .recoverWithUni(failure -> leaveOut(event, failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
        .expireIn(GIVE_UP.toMillis());
  }

  private void apply(TriggerEvent event) {
    switch (event) {
      case TriggerEvent.Delivered delivered ->
          history.add(
              delivered.sessionId(), delivered.triggerId(), entry(delivered), delivered.at());
      case TriggerEvent.Answered answered ->
          history.answer(
              answered.sessionId(),
              answered.triggerId(),
              answered.action(),
              answered.text(),
              answered.at());
    }
  }

  private static ObjectNode entry(TriggerEvent.Delivered event) {
    ObjectNode entry = StoredJson.object();
    entry.put("type", event.triggerType());
    entry.put("source", event.source());
    if (event.summary() != null) {
      entry.put("summary", event.summary());
    }
    entry.set("payload", StoredJson.read(event.payload().value()));
    entry.put("deliverAs", event.deliverAs());
    entry.put("ts", Timestamps.text(event.at()));
    return entry.put("direction", event.direction());
  }

  private static boolean canNeverBeStored(Throwable failure) {
    return failure instanceof DataException
        || failure instanceof ConstraintViolationException
        || failure instanceof IllegalStateException;
  }

  private static Uni<Void> leaveOut(TriggerEvent event, Throwable failure) {
    LOG.errorf(failure, "a trigger of session %s cannot be stored", event.sessionId());
    return Uni.createFrom().voidItem();
  }
}
