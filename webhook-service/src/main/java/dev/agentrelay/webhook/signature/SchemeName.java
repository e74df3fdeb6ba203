package dev.agentrelay.webhook.signature;

import java.util.Locale;
import java.util.Optional;

/** The senders' conventions that a webhook can follow, beside the relay's own signature. */
public enum SchemeName {
  /** Standard Webhooks, for every sender that has no convention of its own. */
  STANDARD,
  GITHUB,
  GITLAB,
  SLACK,
  STRIPE;

  /** The name on the wire. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<SchemeName> of(String text) {
    for (SchemeName each : values()) {
      if (each.text().equals(text)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The convention of the sender that a webhook's source names. */
  public static SchemeName ofSource(String source) {
    return of(source.toLowerCase(Locale.ROOT)).orElse(STANDARD);
  }
}
