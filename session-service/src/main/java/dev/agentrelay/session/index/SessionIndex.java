package dev.agentrelay.session.index;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveSession;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the table in step with the gateway's events. Each event is one statement that carries its
 * own condition, so that an event told twice, or the whole topic read again, leaves the same table.
 */
@ApplicationScoped
public class SessionIndex implements PanacheRepositoryBase<SessionRow, String> {

  /**
   * Clocks of two replicas may differ by this much. Of two registrations closer than that the epoch
   * says which is newer; otherwise time does, because epochs start again when Redis has lost them.
   */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private static final int MOST_AT_ONCE = 500;

  /** A newer registration of the same user replaces what the row said of the one before. */
  private static final String START =
      """
      insert into session.sessions as known (session_id, user_id, cwd, share_url, started_at,
        last_active_at, ephemeral, expires_at, session_name, runner_id, runner_name,
        parent_session_id, epoch, registered_at)
      values (:sessionId, :userId, :cwd, :shareUrl, :startedAt, :at, :ephemeral, :expiresAt,
        :sessionName, :runnerId, :runnerName, :parentSessionId, :epoch, :at)
      on conflict (session_id) do update set
        cwd = excluded.cwd, share_url = excluded.share_url, started_at = excluded.started_at,
        last_active_at = excluded.last_active_at, ended_at = null,
        ephemeral = excluded.ephemeral, expires_at = excluded.expires_at,
        session_name = coalesce(excluded.session_name, known.session_name),
        runner_id = coalesce(excluded.runner_id, known.runner_id),
        runner_name = case when excluded.runner_id is null then known.runner_name
          else excluded.runner_name end,
        parent_session_id = excluded.parent_session_id,
        epoch = excluded.epoch, registered_at = excluded.registered_at
      where known.user_id = excluded.user_id
        and ((known.epoch < excluded.epoch and known.registered_at < :latestOfOlder)
          or known.registered_at < :surelyOlder)
      """;

  /** Takes one event into the table. */
  @Transactional
  public void apply(SessionEvent event) {
    switch (event) {
      case SessionEvent.Started started -> start(started);
      case SessionEvent.Linked linked -> link(linked);
      case SessionEvent.Active active -> touch(active);
      case SessionEvent.Ended ended -> end(ended);
    }
  }

  /**
   * Pins or unpins a session.
   *
   * @return whether the user has that session
   */
  @Transactional
  public boolean setPinned(UserId user, SessionId session, boolean pinned) {
    return update(
            "pinned = ?1 where sessionId = ?2 and userId = ?3"
                + " and (pinned = true or expiresAt is null or expiresAt > ?4)",
            pinned,
            session.value(),
            user.value(),
            Instant.now())
        > 0;
  }

  /** Whether the user has that session. */
  @Transactional
  public boolean isOwner(UserId user, SessionId session) {
    return count("sessionId = ?1 and userId = ?2", session.value(), user.value()) > 0;
  }

  /** Makes the row of a live session of which no event has come yet. */
  @Transactional
  public void addLive(LiveSession session) {
    start(
        new SessionEvent.Started(
            session.sessionId(),
            session.epoch(),
            session.startedAt(),
            session.userId(),
            session.userName(),
            session.cwd(),
            session.shareUrl(),
            session.startedAt(),
            session.ephemeral(),
            session.expiresAt(),
            session.sessionName(),
            session.runnerId(),
            session.runnerName(),
            session.parentSessionId()));
  }

  /**
   * Some sessions that expired before that time and are not pinned, locked for the caller's
   * transaction so that none is registered or pinned meanwhile.
   */
  @Transactional
  public List<String> expiredBefore(Instant time) {
    return getSession()
        .createNativeQuery(
            "select session_id from session.sessions where not pinned and expires_at < :time"
                + " limit :atMost for update skip locked",
            String.class)
        .setParameter("time", time)
        .setParameter("atMost", MOST_AT_ONCE)
        .getResultList();
  }

  /** Keeps in mind that sessions were deleted: older registrations of them count no longer. */
  @Transactional
  public void markDeleted(List<String> sessions, Instant at) {
    getSession()
        .createNativeMutationQuery(
            "insert into session.deleted_sessions (session_id, deleted_at)"
                + " select session_id, :at from session.sessions where session_id in (:ids)"
                + " on conflict (session_id) do update set deleted_at = excluded.deleted_at")
        .setParameterList("ids", sessions)
        .setParameter("at", at)
        .executeUpdate();
  }

  /** Forgets deletions of which no older news can come any more. */
  @Transactional
  public void forgetDeletedBefore(Instant time) {
    getSession()
        .createNativeMutationQuery("delete from session.deleted_sessions where deleted_at < :time")
        .setParameter("time", time)
        .executeUpdate();
  }

  private boolean wasDeletedAfter(SessionEvent.Started event) {
    return !getSession()
        .createNativeQuery(
            "select session_id from session.deleted_sessions"
                + " where session_id = :id and deleted_at >= :at",
            String.class)
        .setParameter("id", event.sessionId().value())
        .setParameter("at", event.at())
        .getResultList()
        .isEmpty();
  }

  private void start(SessionEvent.Started event) {
    if (wasDeletedAfter(event)) {
      return;
    }
    getSession()
        .createNativeMutationQuery(START)
        .setParameter("sessionId", event.sessionId().value())
        .setParameter("userId", event.userId().value())
        .setParameter("cwd", storable(event.cwd()), String.class)
        .setParameter("shareUrl", storable(event.shareUrl()), String.class)
        .setParameter("startedAt", event.startedAt())
        .setParameter("at", event.at())
        .setParameter("ephemeral", event.ephemeral())
        .setParameter("expiresAt", event.expiresAt(), Instant.class)
        .setParameter("sessionName", storable(event.sessionName()), String.class)
        .setParameter(
            "runnerId", event.runnerId() == null ? null : event.runnerId().value(), String.class)
        .setParameter("runnerName", storable(event.runnerName()), String.class)
        .setParameter(
            "parentSessionId",
            event.parentSessionId() == null ? null : event.parentSessionId().value(),
            String.class)
        .setParameter("epoch", event.epoch())
        .setParameter("latestOfOlder", event.at().plus(CLOCK_SKEW))
        .setParameter("surelyOlder", event.at().minus(CLOCK_SKEW))
        .executeUpdate();
  }

  private void link(SessionEvent.Linked event) {
    update(
        "runnerId = ?1, runnerName = ?2"
            + " where sessionId = ?3 and epoch = ?4 and registeredAt <= ?5",
        event.runnerId().value(),
        storable(event.runnerName()),
        event.sessionId().value(),
        event.epoch(),
        event.at().plus(CLOCK_SKEW));
  }

  private void touch(SessionEvent.Active event) {
    update(
        "lastActiveAt = ?1, expiresAt = ?2, sessionName = ?3"
            + " where sessionId = ?4 and epoch = ?5 and endedAt is null and lastActiveAt <= ?1",
        event.at(),
        event.expiresAt(),
        storable(event.sessionName()),
        event.sessionId().value(),
        event.epoch());
  }

  private void end(SessionEvent.Ended event) {
    update(
        "endedAt = ?1"
            + " where sessionId = ?2 and epoch = ?3 and endedAt is null and registeredAt <= ?4",
        event.at(),
        event.sessionId().value(),
        event.epoch(),
        event.at().plus(CLOCK_SKEW));
  }

  /** Postgres stores any text but NUL characters. */
  private static @Nullable String storable(@Nullable String text) {
    return text == null ? null : text.replace("\0", "");
  }
}
