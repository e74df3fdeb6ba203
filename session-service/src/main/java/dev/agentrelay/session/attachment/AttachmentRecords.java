package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.hibernate.Session;

/**
 * The records of attachments. A record is made before the content is stored and completed
 * afterwards, so that nothing is ever stored that no record tells of.
 */
@ApplicationScoped
public class AttachmentRecords {
  private final Session database;

  AttachmentRecords(Session database) {
    this.database = database;
  }

  /**
   * Announces content that is about to be stored. What was announced before and never came, because
   * a replica died, is announced anew, so that no sweep takes the content away meanwhile.
   */
  @Transactional
  void announce(Attachment attachment) {
    database
        .createNativeMutationQuery(
            """
            insert into session.attachments as known
              (attachment_id, session_id, user_id, extracted, filename, mime_type, size, expires_at)
            values (:id, :session, :user, :extracted, :filename, :mimeType, :size, :expiresAt)
            on conflict (attachment_id) do update set expires_at = excluded.expires_at
            where not known.stored
            """)
        .setParameter("id", attachment.id())
        .setParameter("session", attachment.session().value())
        .setParameter("user", attachment.owner().value())
        .setParameter("extracted", attachment.extracted())
        .setParameter("filename", attachment.filename())
        .setParameter("mimeType", attachment.mimeType())
        .setParameter("size", attachment.size())
        .setParameter("expiresAt", attachment.expiresAt())
        .executeUpdate();
  }

  /** How many bytes of a user can be fetched, or are about to be stored. */
  @Transactional
  long bytesOf(UserId owner) {
    return database
        .createNativeQuery(
            "select cast(coalesce(sum(size), 0) as bigint) from session.attachments"
                + " where user_id = :user and expires_at > :now",
            Long.class)
        .setParameter("user", owner.value())
        .setParameter("now", Instant.now())
        .getSingleResult();
  }

  /** The content is in the store: the attachment can be fetched from now on. */
  @Transactional
  void complete(String id) {
    database
        .createNativeMutationQuery(
            "update session.attachments set stored = true where attachment_id = :id")
        .setParameter("id", id)
        .executeUpdate();
  }

  /** An attachment that can be fetched. */
  @Transactional
  Optional<Attachment> find(String id) {
    return database
        .createNativeQuery(
            """
            select attachment_id, session_id, user_id, extracted, filename, mime_type, size, expires_at
            from session.attachments where attachment_id = :id and stored and expires_at > :now
            """,
            Tuple.class)
        .setParameter("id", id)
        .setParameter("now", Instant.now())
        .getResultStream()
        .map(AttachmentRecords::read)
        .findFirst();
  }

  private static Attachment read(Tuple row) {
    return new Attachment(
        row.get("attachment_id", String.class),
        new SessionId(row.get("session_id", String.class)),
        new UserId(row.get("user_id", String.class)),
        row.get("filename", String.class),
        row.get("mime_type", String.class),
        row.get("size", Long.class),
        row.get("expires_at", Instant.class),
        row.get("extracted", Boolean.class));
  }

  /**
   * An extracted image is shown by one more session, and kept for a while from now on.
   *
   * @return its size; empty when there is no such image in the store
   */
  @Transactional
  Optional<Long> reference(String id, SessionId session, Instant expiresAt) {
    Optional<Long> size =
        database
            .createNativeQuery(
                """
                update session.attachments set expires_at = greatest(expires_at, :expiresAt)
                where attachment_id = :id and stored returning size
                """,
                Tuple.class)
            .setParameter("id", id)
            .setParameter("expiresAt", expiresAt)
            .getResultStream()
            .map(row -> row.get("size", Long.class))
            .findFirst();
    if (size.isPresent()) {
      database
          .createNativeMutationQuery(
              "insert into session.image_references (attachment_id, session_id)"
                  + " values (:id, :session) on conflict do nothing")
          .setParameter("id", id)
          .setParameter("session", session.value())
          .executeUpdate();
    }
    return size;
  }

  /** Lets attachments expire at once; the sweep takes their content away. */
  @Transactional
  void expire(Collection<String> ids) {
    if (!ids.isEmpty()) {
      database
          .createNativeMutationQuery(
              "update session.attachments set expires_at = :now where attachment_id in (:ids)")
          .setParameter("now", Instant.now())
          .setParameterList("ids", ids)
          .executeUpdate();
    }
  }

  /** Lets everything expire that only these sessions need. Takes part in the transaction. */
  @Transactional
  public void expireAllOf(Collection<String> sessions) {
    if (sessions.isEmpty()) {
      return;
    }
    database
        .createNativeMutationQuery(
            """
            update session.attachments a set expires_at = :now
            where (a.session_id in (:sessions)
                or exists (select 1 from session.image_references r
                  where r.attachment_id = a.attachment_id and r.session_id in (:sessions)))
              and not exists (select 1 from session.image_references r
                where r.attachment_id = a.attachment_id and r.session_id not in (:sessions))
            """)
        .setParameter("now", Instant.now())
        .setParameterList("sessions", sessions)
        .executeUpdate();
    database
        .createNativeMutationQuery(
            "delete from session.image_references where session_id in (:sessions)")
        .setParameterList("sessions", sessions)
        .executeUpdate();
  }

  /** Prolongs the life of images that a session shows which is pinned, or has not expired. */
  @Transactional
  void renewImages(Duration ahead, Instant expiresAt) {
    database
        .createNativeMutationQuery(
            """
            update session.attachments a set expires_at = :expiresAt
            where a.extracted and a.stored and a.expires_at < :soon
              and exists (select 1 from session.image_references r
                join session.sessions s on s.session_id = r.session_id
                where r.attachment_id = a.attachment_id
                  and (s.pinned or s.expires_at is null or s.expires_at > :now))
            """)
        .setParameter("expiresAt", expiresAt)
        .setParameter("soon", Instant.now().plus(ahead))
        .setParameter("now", Instant.now())
        .executeUpdate();
  }

  /**
   * Some attachments that nobody can fetch any more, locked for the caller's transaction so that
   * none is renewed meanwhile.
   */
  @Transactional
  List<String> expired(int atMost) {
    return database
        .createNativeQuery(
            "select attachment_id from session.attachments where expires_at <= :now"
                + " order by expires_at limit :atMost for update skip locked",
            String.class)
        .setParameter("now", Instant.now())
        .setParameter("atMost", atMost)
        .getResultStream()
        .toList();
  }

  @Transactional
  void delete(String id) {
    database
        .createNativeMutationQuery("delete from session.attachments where attachment_id = :id")
        .setParameter("id", id)
        .executeUpdate();
  }
}
