package dev.agentrelay.push.delivery;

import java.util.Locale;

/** The ways to a person's device. */
public enum Channel {
  WEB,
  NTFY,
  /** For the record of a notification that goes to nobody. */
  NONE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
