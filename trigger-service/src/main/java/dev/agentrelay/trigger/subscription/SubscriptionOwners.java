package dev.agentrelay.trigger.subscription;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.session.KnownSessions;
import dev.agentrelay.trigger.session.SessionRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds who may manage the subscriptions of a session, also of one that has ended: a schedule must
 * stay cancellable as long as it fires (rest.md 5.5).
 */
@ApplicationScoped
public class SubscriptionOwners {
  private final LiveState live;
  private final KnownSessions sessions;
  private final Subscriptions subscriptions;

  SubscriptionOwners(LiveState live, KnownSessions sessions, Subscriptions subscriptions) {
    this.live = live;
    this.sessions = sessions;
    this.subscriptions = subscriptions;
  }

  /**
   * A session of the caller.
   *
   * @param live whether it is live
   */
  public record Owned(boolean live, @Nullable RunnerId runner, @Nullable String cwd) {}

  /** The session, when it is the caller's: live, remembered, or by the runner of its schedule. */
  public Optional<Owned> find(SessionId id, UserId caller) {
    Optional<LiveSession> found = live.session(id);
    if (found.isPresent()) {
      return found
          .filter(session -> session.userId().equals(caller))
          .map(session -> new Owned(true, session.runnerId(), session.cwd()));
    }
    Optional<SessionRow> known = sessions.find(id);
    if (known.isPresent()) {
      return known
          .filter(session -> session.userId().equals(caller))
          .map(session -> new Owned(false, session.runnerId(), session.cwd()));
    }
    return subscriptions
        .scheduleRunner(id)
        .filter(runner -> live.runner(runner, caller).isPresent())
        .map(runner -> new Owned(false, runner, null));
  }

  /**
   * @throws RelayException 404, the same for unknown and foreign
   */
  public Owned require(SessionId id, UserId caller) {
    return find(id, caller)
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
  }
}
