package dev.agentrelay.trigger.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.platform.event.EventIntake;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.trigger.json.StoredJson;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes what passed between sessions over their sockets into their histories. */
@ApplicationScoped
class TriggerEventListener {
  private final EventIntake intake;
  private final History history;

  TriggerEventListener(EventIntake intake, History history) {
    this.intake = intake;
    this.history = history;
  }

  @Incoming("triggers")
  Uni<Void> onEvent(String text) {
    return intake.take(text, TriggerEvent.class, this::apply);
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

  private static JsonText entry(TriggerEvent.Delivered event) {
    ObjectNode entry = StoredJson.object();
    entry.put("type", event.triggerType());
    entry.put("source", event.source());
    if (event.summary() != null) {
      entry.put("summary", event.summary());
    }
    entry.set("payload", StoredJson.read(event.payload().value()));
    entry.put("deliverAs", event.deliverAs());
    entry.put("ts", Timestamps.text(event.at()));
    entry.put("direction", event.direction());
    return new JsonText(StoredJson.text(entry));
  }
}
