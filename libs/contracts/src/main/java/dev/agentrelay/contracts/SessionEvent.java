package dev.agentrelay.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened in the life of a session, said by the gateway that owns it. Delivered at least once
 * and in order for one session.
 */
public sealed interface SessionEvent {
  SessionId sessionId();

  /**
   * Counts the registrations of one session id; an event of an older epoch never undoes one of a
   * newer.
   */
  long epoch();

  Instant at();

  /** A worker has registered, for the first time or again. */
  record Started(
      SessionId sessionId,
      long epoch,
      Instant at,
      UserId userId,
      String userName,
      String cwd,
      String shareUrl,
      Instant startedAt,
      boolean ephemeral,
      @Nullable Instant expiresAt,
      @Nullable String sessionName,
      @Nullable RunnerId runnerId,
      @Nullable String runnerName,
      @Nullable SessionId parentSessionId)
      implements SessionEvent {}

  /** The session's runner became known after its registration. */
  record Linked(
      SessionId sessionId, long epoch, Instant at, RunnerId runnerId, @Nullable String runnerName)
      implements SessionEvent {}

  /** The session is in use; said now and then, and when its name changes. */
  record Active(
      SessionId sessionId,
      long epoch,
      Instant at,
      @Nullable Instant expiresAt,
      @Nullable String sessionName)
      implements SessionEvent {}

  /** The session is over. A worker that is re-registering does not end its session. */
  record Ended(SessionId sessionId, long epoch, Instant at, String reason)
      implements SessionEvent {}
}
