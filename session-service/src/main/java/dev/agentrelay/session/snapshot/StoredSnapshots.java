package dev.agentrelay.session.snapshot;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Keeps the last {@code session_active} event of each session, byte for byte. */
@ApplicationScoped
public class StoredSnapshots {
  private final Session database;

  StoredSnapshots(Session database) {
    this.database = database;
  }

  /** The snapshot of a session of that user. */
  @Transactional
  Optional<byte[]> find(SessionId session, UserId user) {
    return database
        .createNativeQuery(
            "select n.event from session.snapshots n"
                + " join session.sessions s on s.session_id = n.session_id"
                + " where n.session_id = :session and s.user_id = :user",
            byte[].class)
        .setParameter("session", session.value())
        .setParameter("user", user.value())
        .getResultStream()
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

  /** Stores a snapshot in place of the one before; only for a session that has a row. */
  @Transactional
  void store(SessionId session, @Nullable String version, byte[] event) {
    database
        .createNativeMutationQuery(
            """
            insert into session.snapshots (session_id, version, event, bytes, stored_at)
            select session_id, cast(:version as text), cast(:event as bytea), :bytes, :at
            from session.sessions where session_id = :session
            on conflict (session_id) do update set version = excluded.version,
              event = excluded.event, bytes = excluded.bytes, stored_at = excluded.stored_at
            """)
        .setParameter("session", session.value())
        .setParameter("version", version, String.class)
        .setParameter("event", event, byte[].class)
        .setParameter("bytes", (long) event.length, Long.class)
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
