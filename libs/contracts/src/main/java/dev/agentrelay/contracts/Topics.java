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

  /** {@link PreferencesChanged}, keyed by user id. */
  public static final String PREFERENCES = "relay.preferences";

  /**
   * {@link CommandRequest}, keyed by {@link GatewayCommand#key()}. Read by one gateway of them all.
   */
  public static final String COMMANDS = "relay.commands";

  /** {@link SubscriptionChanged}, keyed by runner id. */
  public static final String SUBSCRIPTIONS = "relay.subscriptions";

  /** {@link TriggerEvent}, keyed by session id. */
  public static final String TRIGGERS = "relay.triggers";

  /** {@link AgentNotice}, keyed by session id. */
  public static final String NOTICES = "relay.notices";

  private static final String ANSWERS = "relay.answers.";

  /**
   * {@link CommandAnswer}, keyed by command id. Each replica of the asking service reads all of it.
   *
   * @param service the name of the asking service
   */
  public static String answersFor(String service) {
    return ANSWERS + service;
  }

  /** Whether a topic is one for answers, so that nobody is answered anywhere else. */
  public static boolean isForAnswers(String topic) {
    return topic.startsWith(ANSWERS);
  }

  private Topics() {}
}
