package dev.agentrelay.webhook.hook;

import java.util.Locale;
import java.util.Optional;

/** What becomes of a delivery whose runner is away. */
public enum WhenOffline {
  /** The sender is told to come again. */
  REJECT,
  /** The delivery waits for the runner. */
  QUEUE;

  /** The name on the wire. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<WhenOffline> of(String text) {
    for (WhenOffline each : values()) {
      if (each.text().equals(text)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
