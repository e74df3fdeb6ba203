package dev.agentrelay.webhook.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.hook.Webhook;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Says which trigger a session was given, so that it stands in the session's history. */
@ApplicationScoped
class TriggerHistory {
  private static final Logger LOG = Logger.getLogger(TriggerHistory.class);
  private static final long BUFFER = 10_000;
  private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(3);

  private final MutinyEmitter<Record<String, String>> events;
  private final ObjectMapper json;

  TriggerHistory(
      @Channel("triggers") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, String>> events,
      ObjectMapper json) {
    this.events = events;
    this.json = json;
  }

  /**
   * Tells of a trigger that a session has; blocks until Kafka has it. A history without the entry
   * is no reason to call the delivery failed.
   */
  void delivered(Webhook webhook, Delivery delivery, ObjectNode payload) {
    TriggerEvent event =
        new TriggerEvent.Delivered(
            delivery.sessionId(),
            Instant.now(),
            webhook.userId(),
            delivery.triggerId(),
            WebhookTrigger.TYPE,
            WebhookTrigger.source(webhook),
            webhook.name(),
            new JsonText(payload.toString()),
            WebhookTrigger.DELIVER_AS,
            "inbound");
    try {
      String value = json.writerFor(TriggerEvent.class).writeValueAsString(event);
      events.send(Record.of(delivery.sessionId().value(), value)).await().atMost(KAFKA_TIMEOUT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("trigger events are plain records", e);
    } catch (RuntimeException e) {
      LOG.warnf("the history of session %s lacks %s: %s", delivery.sessionId(), delivery.id(), e);
    }
  }
}
