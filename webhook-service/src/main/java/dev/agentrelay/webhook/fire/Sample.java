package dev.agentrelay.webhook.fire;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.Webhooks;
import dev.agentrelay.webhook.signature.RelayScheme;
import dev.agentrelay.webhook.signature.SignedRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** A sender of our own, by which owners try their webhooks. */
@ApplicationScoped
class Sample {
  private final Webhooks webhooks;
  private final SignedFiring firing;
  private final ObjectMapper json;

  Sample(Webhooks webhooks, SignedFiring firing, ObjectMapper json) {
    this.webhooks = webhooks;
    this.firing = firing;
    this.json = json;
  }

  Fired fire(Webhook webhook, String address) {
    String now = Timestamps.text(Instant.now());
    String nonce = UUID.randomUUID().toString();
    byte[] body =
        json.createObjectNode()
            .put("type", webhook.sampleType())
            .put("test", true)
            .put("message", "A sample from the webhook's owner")
            .put("sentAt", now)
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers =
        Map.of(
            name(RelayScheme.TIMESTAMP), now,
            name(RelayScheme.NONCE), nonce,
            name(RelayScheme.SIGNATURE),
                RelayScheme.sign(webhooks.secretOf(webhook), now, nonce, body));
    return firing.fire(
        webhook.id(), new SignedRequest(headers, body), new Sender(address, "webhook test"));
  }

  private static String name(String header) {
    return header.toLowerCase(Locale.ROOT);
  }
}
