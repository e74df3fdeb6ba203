package dev.agentrelay.trigger.listener;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Names one listener: {@code listener:<runner>:<type>:<epoch milliseconds>:<8 random>}. */
public record ListenerId(String value) {
  private static final String SESSION_PREFIX = "runner-listener:";

  static ListenerId next(RunnerId runner, String triggerType, Instant now) {
    String random = UUID.randomUUID().toString().substring(0, 8);
    return new ListenerId(
        "listener:%s:%s:%d:%s".formatted(runner, triggerType, now.toEpochMilli(), random));
  }

  /** The listener that a session id stands for, if it stands for one. */
  public static Optional<ListenerId> ofSession(SessionId session) {
    return session.value().startsWith(SESSION_PREFIX)
        ? Optional.of(new ListenerId(session.value().substring(SESSION_PREFIX.length())))
        : Optional.empty();
  }

  /** The session id by which daemons address the listener. */
  public SessionId asSession() {
    return new SessionId(SESSION_PREFIX + value);
  }

  @Override
  public String toString() {
    return value;
  }
}
