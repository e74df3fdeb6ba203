package dev.agentrelay.push.notification;

import java.time.Duration;
import java.util.Arrays;

/** What a notification is about; its name on the wire and in a subscription's filter. */
public enum NotificationType {
  AGENT_FINISHED("agent_finished", "completion", Duration.ofDays(28), false),
  /** Nobody can answer a question that is older than a day, so nobody is told of it then. */
  AGENT_NEEDS_INPUT("agent_needs_input", "question", Duration.ofDays(1), true),
  AGENT_ERROR("agent_error", "error", Duration.ofDays(28), true);

  private static final String EVERYTHING = "*";

  private final String wireName;
  private final String alias;
  private final Duration life;
  private final boolean urgent;

  NotificationType(String wireName, String alias, Duration life, boolean urgent) {
    this.wireName = wireName;
    this.alias = alias;
    this.life = life;
    this.urgent = urgent;
  }

  public static NotificationType of(String wireName) {
    return Arrays.stream(values())
        .filter(type -> type.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such notification: " + wireName));
  }

  public String wireName() {
    return wireName;
  }

  /** For how long a provider that cannot reach the device keeps trying. */
  public Duration life() {
    return life;
  }

  /** Whether a device that saves power is woken for it. */
  public boolean urgent() {
    return urgent;
  }

  /** Whether a filter lets it pass: {@code *}, or a comma list that names it (rest.md 6.4). */
  public boolean isIn(String enabledEvents) {
    return enabledEvents.equals(EVERYTHING)
        || Arrays.stream(enabledEvents.split(","))
            .map(String::strip)
            .anyMatch(name -> name.equals(wireName) || name.equals(alias));
  }
}
