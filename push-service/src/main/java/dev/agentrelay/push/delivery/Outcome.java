package dev.agentrelay.push.delivery;

import java.util.Locale;

/** How a notification stands, or has ended. */
public enum Outcome {
  /** On its way, or waiting to be tried again. */
  PENDING,
  /** The provider has taken it. */
  SENT,
  /** Not sent on purpose; the reason says why. */
  SUPPRESSED,
  /** The user has no device that wants it. */
  NO_SUBSCRIPTIONS,
  /** The provider has refused it for good. */
  REJECTED,
  /** The provider was not to be reached for as long as it was worth telling. */
  EXPIRED,
  /** It cannot be sent at all; the reason says why. */
  FAILED;

  /** As people and programs see it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
