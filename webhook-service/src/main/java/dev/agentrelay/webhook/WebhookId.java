package dev.agentrelay.webhook;

import java.util.UUID;

/** Names one webhook: {@code wh_<uuid>}, but opaque. */
public record WebhookId(String value) {
  public static WebhookId random() {
    return new WebhookId("wh_" + UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value;
  }
}
