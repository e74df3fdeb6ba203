package dev.agentrelay.session.removal;

import dev.agentrelay.session.SessionConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hibernate.Session;

/** Which ended sessions an operator does not want to keep; pinned ones are always kept. */
@ApplicationScoped
class Retention {
  private static final int AT_MOST = 500;

  private static final String TOO_MUCH =
      """
      select session_id from (
        select s.session_id, s.pinned, s.ended_at,
          sum(coalesce(n.bytes, 0) + coalesce(l.bytes, 0) + coalesce(a.bytes, 0)) over (
            partition by s.user_id
            order by s.pinned desc, s.ended_at is null desc, s.last_active_at desc, s.session_id
          ) as bytes_so_far
        from session.sessions s
        left join session.snapshots n on n.session_id = s.session_id
        left join session.event_logs l on l.session_id = s.session_id
        left join (select session_id, sum(size) as bytes from session.attachments
          group by session_id) a on a.session_id = s.session_id
      ) as sized
      where bytes_so_far > :bytes and not pinned and ended_at is not null limit :atMost
      """;

  private static final String STILL_OVER =
      """
      select session_id from session.sessions
      where session_id in (:ids) and not pinned and ended_at is not null
      for update skip locked
      """;

  private final SessionConfig.Retention config;
  private final Session database;

  Retention(SessionConfig config, Session database) {
    this.config = config.retention();
    this.database = database;
  }

  /**
   * Some sessions to be removed now, locked for the caller's transaction so that none is registered
   * or pinned meanwhile.
   */
  @Transactional
  List<String> overdue() {
    Set<String> overdue = new HashSet<>();
    config.age().ifPresent(age -> overdue.addAll(olderThan(age)));
    config.bytesPerUser().ifPresent(bytes -> overdue.addAll(beyond(bytes)));
    return overdue.isEmpty()
        ? List.of()
        : database
            .createNativeQuery(STILL_OVER, String.class)
            .setParameterList("ids", overdue)
            .getResultList();
  }

  private List<String> olderThan(Duration age) {
    return database
        .createNativeQuery(
            "select session_id from session.sessions where not pinned and ended_at < :before"
                + " limit :atMost",
            String.class)
        .setParameter("before", Instant.now().minus(age))
        .setParameter("atMost", AT_MOST)
        .getResultStream()
        .toList();
  }

  private List<String> beyond(long bytes) {
    return database
        .createNativeQuery(TOO_MUCH, String.class)
        .setParameter("bytes", bytes)
        .setParameter("atMost", AT_MOST)
        .getResultStream()
        .toList();
  }
}
