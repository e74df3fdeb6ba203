package dev.agentrelay.trigger.session;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which session, also after it has ended, because schedules outlive their sessions. Fed by
 * the gateway's events; an event told twice changes nothing.
 */
@ApplicationScoped
public class KnownSessions implements PanacheRepositoryBase<SessionRow, String> {

  /**
   * Clocks of two replicas may differ by this much. Of two registrations closer than that the epoch
   * says which is newer; otherwise time does, because epochs start again when Redis has lost them.
   */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private static final String START =
      """
      insert into trigger.sessions as known (session_id, user_id, runner_id, cwd, session_name,
        epoch, registered_at)
      values (:sessionId, :userId, :runnerId, :cwd, :sessionName, :epoch, :at)
      on conflict (session_id) do update set
        runner_id = coalesce(excluded.runner_id, known.runner_id), cwd = excluded.cwd,
        session_name = coalesce(excluded.session_name, known.session_name),
        epoch = excluded.epoch, registered_at = excluded.registered_at, ended_at = null
      where known.user_id = excluded.user_id
        and ((known.epoch < excluded.epoch and known.registered_at < :latestOfOlder)
          or known.registered_at < :surelyOlder)
      """;

  /** What is remembered of a session. */
  @Transactional
  public Optional<SessionRow> find(SessionId id) {
    return findByIdOptional(id.value());
  }

  void start(SessionEvent.Started event) {
    getEntityManager()
        .unwrap(Session.class)
        .createNativeMutationQuery(START)
        .setParameter("sessionId", event.sessionId().value())
        .setParameter("userId", event.userId().value())
        .setParameter(
            "runnerId", event.runnerId() == null ? null : event.runnerId().value(), String.class)
        .setParameter("cwd", storable(event.cwd()), String.class)
        .setParameter("sessionName", storable(event.sessionName()), String.class)
        .setParameter("epoch", event.epoch())
        .setParameter("at", event.at())
        .setParameter("latestOfOlder", event.at().plus(CLOCK_SKEW))
        .setParameter("surelyOlder", event.at().minus(CLOCK_SKEW))
        .executeUpdate();
  }

  void link(SessionEvent.Linked event) {
    update(
        "runnerId = ?1 where sessionId = ?2 and epoch = ?3",
        event.runnerId().value(),
        event.sessionId().value(),
        event.epoch());
  }

  void rename(SessionEvent.Active event) {
    update(
        "sessionName = ?1 where sessionId = ?2 and epoch = ?3",
        storable(event.sessionName()),
        event.sessionId().value(),
        event.epoch());
  }

  /** Whether it has ended by this event, and not merely been ended before or begun again. */
  boolean end(SessionEvent.Ended event) {
    return update(
            "endedAt = ?1"
                + " where sessionId = ?2 and epoch = ?3 and endedAt is null and registeredAt <= ?4",
            event.at(),
            event.sessionId().value(),
            event.epoch(),
            event.at().plus(CLOCK_SKEW))
        > 0;
  }

  /** Forgets what ended before that and no schedule refers to. */
  public long forget(Instant endedBefore) {
    return delete(
        "endedAt < ?1 and sessionId not in (select s.sessionId from SubscriptionRow s)",
        endedBefore);
  }

  /** Postgres stores any text but NUL characters. */
  private static @Nullable String storable(@Nullable String text) {
    return text == null ? null : text.replace("\0", "");
  }
}
