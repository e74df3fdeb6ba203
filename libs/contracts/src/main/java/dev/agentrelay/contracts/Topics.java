package dev.agentrelay.contracts;

/**
 * Every Kafka topic of the suite. Values are JSON; the key decides the order of what belongs
 * together.
 */
public final class Topics {
  /** {@link SessionEvent}, keyed by session id. */
  public static final String SESSIONS = "relay.sessions";

  /** {@link RunnerEvent}, keyed by runner id. */
  public static final String RUNNERS = "relay.runners";

  /**
   * The events of workers that a reader may need later, keyed by session id, with {@link
   * EventHeaders}. Its number of partitions must not change.
   */
  public static final String EVENTS = "relay.events";

  /** {@link CredentialRevoked}, keyed by user id. Read by each replica, not by one of a group. */
  public static final String CREDENTIALS = "relay.credentials";

  private Topics() {}
}
