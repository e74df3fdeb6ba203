package dev.agentrelay.gateway.link;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A live session as its relatives need to know it.
 *
 * @param parent the parent it was linked to at its registration
 * @param awayParent a parent that was not live then
 */
public record LinkedSession(
    SessionId id,
    UserId user,
    @Nullable SessionId parent,
    @Nullable SessionId awayParent,
    @Nullable RunnerId runner,
    @Nullable String name,
    Instant startedAt) {

  /** Whether the session's own record names that parent. */
  public boolean names(SessionId candidate) {
    return candidate.equals(parent) || candidate.equals(awayParent);
  }
}
