package dev.agentrelay.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What passed between sessions over their sockets and belongs into a session's trigger history
 * (sockets.md 4.10), said by the gateway on {@link Topics#TRIGGERS}, keyed by the session whose
 * history it is. At least once: a trigger id that is there already changes nothing.
 */
public sealed interface TriggerEvent {
  /** The session whose history it is. */
  SessionId sessionId();

  Instant at();

  /**
   * A trigger was delivered to the session, or a child was linked to it.
   *
   * @param source the sending session's id
   * @param payload a JSON object
   * @param deliverAs {@code steer} or {@code followUp}
   * @param direction {@code inbound} or {@code outbound}
   */
  record Delivered(
      SessionId sessionId,
      Instant at,
      UserId userId,
      String triggerId,
      String triggerType,
      String source,
      @Nullable String summary,
      JsonText payload,
      String deliverAs,
      String direction)
      implements TriggerEvent {}

  /**
   * A trigger in the session's history was answered.
   *
   * @param text the answer, which may be empty
   */
  record Answered(
      SessionId sessionId,
      Instant at,
      UserId userId,
      String triggerId,
      @Nullable String action,
      String text)
      implements TriggerEvent {}
}
