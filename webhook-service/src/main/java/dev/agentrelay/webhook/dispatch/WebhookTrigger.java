package dev.agentrelay.webhook.dispatch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.hook.Webhook;
import java.time.Instant;

/** The trigger by which a session is told of a delivery (rest.md 6.2). */
final class WebhookTrigger {
  static final String TYPE = "webhook";
  static final String DELIVER_AS = "steer";

  private WebhookTrigger() {}

  static String source(Webhook webhook) {
    return "external:" + webhook.source();
  }

  /** What was sent; the webhook's prompt, if it has one, takes the place of the sender's. */
  static ObjectNode payload(Webhook webhook, ObjectNode body) {
    String prompt = webhook.prompt();
    return prompt == null ? body : body.deepCopy().put("prompt", prompt);
  }

  static JsonText of(Webhook webhook, Delivery delivery, ObjectNode payload) {
    ObjectNode trigger = JsonNodeFactory.instance.objectNode();
    trigger.put("type", TYPE);
    trigger.put("sourceSessionId", source(webhook));
    trigger.put("sourceSessionName", "Webhook: " + webhook.name());
    trigger.put("targetSessionId", delivery.sessionId().value());
    trigger.set("payload", payload);
    trigger.put("deliverAs", DELIVER_AS);
    trigger.put("expectsResponse", false);
    trigger.put("triggerId", delivery.triggerId());
    trigger.put("ts", Timestamps.text(Instant.now()));
    return new JsonText(trigger.toString());
  }
}
