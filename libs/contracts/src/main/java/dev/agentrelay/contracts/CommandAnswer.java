package dev.agentrelay.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a command has come to: what happened to the worker, the runner or the viewers, not merely
 * that it was sent. The same command sent again gets the same answer.
 *
 * @param at when it was done
 * @param sessionId the session it was about; for a spawn the new one
 * @param reason text for people, where there is something to say
 */
public record CommandAnswer(
    CommandId commandId,
    Outcome outcome,
    Instant at,
    @Nullable SessionId sessionId,
    @Nullable String reason) {

  /** Whether the other side has it, acknowledged or not. */
  public boolean isDelivered() {
    return outcome.isDelivered();
  }

  /** How a command can end. */
  public enum Outcome {
    /** The other side took it and said so. */
    ACKNOWLEDGED,
    /** The socket took it; no word was asked for, or none came in time. */
    DELIVERED,
    /** The session was offline and is being started; nothing was delivered. */
    WAKING,
    /** The session or runner is known, and no gateway holds its socket; nothing was delivered. */
    ABSENT,
    /** There is no live session, or no registered runner, of that id. */
    UNKNOWN,
    /** The session or runner is somebody else's. */
    FORBIDDEN,
    /** The other side said no; its text is the reason. */
    REFUSED,
    /** The deadline had passed before a gateway came to it; nothing was done. */
    EXPIRED,
    /** The gateway could not do it just now; sending it again can help. */
    FAILED;

    /** Whether the other side has it, acknowledged or not. */
    public boolean isDelivered() {
      return this == ACKNOWLEDGED || this == DELIVERED;
    }
  }
}
