package dev.agentrelay.session.snapshot;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Keeps the last state of each session. */
@ApplicationScoped
public class StoredSnapshots {
  private final Session database;

  StoredSnapshots(Session database) {
    this.database = database;
  }

  /** The snapshot of a session of that user. */
  @Transactional
  Optional<KeptState> find(SessionId session, UserId user) {
    return database
        .createNativeQuery(
            "select n.event, n.overlay from session.snapshots n"
                + " join session.sessions s on s.session_id = n.session_id"
                + " where n.session_id = :session and s.user_id = :user",
            Tuple.class)
        .addScalar("event", byte[].class)
        .addScalar("overlay", byte[].class)
        .setParameter("session", session.value())
        .setParameter("user", user.value())
        .getResultStream()
        .map(row -> new KeptState(row.get(0, byte[].class), row.get(1, byte[].class)))
        .findFirst();
  }

  /** Whether that snapshot is stored already. */
  @Transactional
  boolean has(SessionId session, String version) {
    return !database
        .createNativeQuery(
            "select session_id from session.snapshots"
                + " where session_id = :session and version = :version",
            String.class)
        .setParameter("session", session.value())
        .setParameter("version", version)
        .getResultList()
        .isEmpty();
  }

  /**
   * Stores a snapshot in place of the one before; only while the session's row tells of that
   * registration, because another one may be somebody else's.
   */
  @Transactional
  void store(SessionId session, long epoch, @Nullable String version, KeptState state) {
    database
        .createNativeMutationQuery(
            """
            insert into session.snapshots (session_id, version, event, overlay, bytes, stored_at)
            select session_id, cast(:version as text), cast(:event as bytea),
              cast(:overlay as bytea), :bytes, :at
            from session.sessions where session_id = :session and epoch = :epoch
            on conflict (session_id) do update set version = excluded.version,
              event = excluded.event, overlay = excluded.overlay, bytes = excluded.bytes,
              stored_at = excluded.stored_at
            """)
        .setParameter("session", session.value())
        .setParameter("epoch", epoch)
        .setParameter("version", version, String.class)
        .setParameter("event", state.event(), byte[].class)
        .setParameter("overlay", state.overlay(), byte[].class)
        .setParameter("bytes", state.bytes(), Long.class)
        .setParameter("at", Instant.now(), Instant.class)
        .executeUpdate();
  }

  @Transactional
  public void delete(Collection<String> sessions) {
    database
        .createNativeMutationQuery("delete from session.snapshots where session_id in (:sessions)")
        .setParameterList("sessions", sessions)
        .executeUpdate();
  }
}
