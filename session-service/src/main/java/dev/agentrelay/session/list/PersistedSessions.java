package dev.agentrelay.session.list;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.index.SessionRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a user's persisted sessions page by page (rest.md 5.1). */
@ApplicationScoped
public class PersistedSessions {
  private static final int MOST_PINNED = 1_000;
  private static final String VISIBLE =
      "from SessionRow s where s.userId = :user"
          + " and (s.pinned = true or s.expiresAt is null or s.expiresAt > :now) ";

  /**
   * @param nextCursor where the next page starts; absent on the last
   */
  record Page(List<SessionRow> rows, @Nullable String nextCursor) {}

  private final EntityManager database;

  PersistedSessions(SessionIndex index) {
    this.database = index.getEntityManager();
  }

  /**
   * One page: the first has pinned sessions on top; those after it have every pinned session at the
   * end, so clients drop what they have already. A page may be longer than the limit by rows of the
   * same millisecond, because the cursor is a time and would skip them.
   */
  @Transactional
  Page page(UserId user, @Nullable String cursor, int limit) {
    Instant now = Instant.now();
    Instant before = cursor == null ? null : parse(cursor);
    return before == null ? firstPage(user, now, limit) : pageBefore(user, now, before, limit);
  }

  /** Every pinned session, the last active first. */
  @Transactional
  List<SessionRow> pinned(UserId user) {
    return database
        .createQuery(
            "from SessionRow s where s.userId = :user and s.pinned = true"
                + " order by s.lastActiveAt desc",
            SessionRow.class)
        .setParameter("user", user.value())
        .setMaxResults(MOST_PINNED)
        .getResultList();
  }

  private Page firstPage(UserId user, Instant now, int limit) {
    List<SessionRow> pinned = pinned(user);
    if (pinned.size() < limit) {
      Page rest = unpinned(user, now, null, limit - pinned.size());
      return new Page(joined(pinned, rest.rows()), rest.nextCursor());
    }
    // The next page must begin with the newest of the others, whatever the last pinned one's time.
    List<SessionRow> newest = unpinned(user, now, null, 1).rows();
    boolean more = !newest.isEmpty() || pinned.size() > limit;
    Instant start = newest.isEmpty() ? now : newest.getFirst().lastActiveAt().plusMillis(1);
    return new Page(pinned.subList(0, limit), more ? Timestamps.text(start) : null);
  }

  private Page pageBefore(UserId user, Instant now, Instant before, int limit) {
    Page page = unpinned(user, now, before, limit);
    return new Page(joined(page.rows(), pinned(user)), page.nextCursor());
  }

  private Page unpinned(UserId user, Instant now, @Nullable Instant before, int limit) {
    List<SessionRow> rows =
        database
            .createQuery(
                VISIBLE
                    + "and s.pinned = false and s.lastActiveAt < :before"
                    + " order by s.lastActiveAt desc fetch first :limit rows with ties",
                SessionRow.class)
            .setParameter("user", user.value())
            .setParameter("now", now)
            .setParameter("before", before == null ? Instant.parse("9999-01-01T00:00:00Z") : before)
            .setParameter("limit", limit)
            .getResultList();
    if (rows.size() < limit) {
      return new Page(rows, null);
    }
    Instant last = rows.getLast().lastActiveAt();
    return new Page(rows, isAnyBefore(user, now, last) ? Timestamps.text(last) : null);
  }

  private boolean isAnyBefore(UserId user, Instant now, Instant time) {
    return !database
        .createQuery(
            "select s.sessionId " + VISIBLE + "and s.pinned = false and s.lastActiveAt < :before",
            String.class)
        .setParameter("user", user.value())
        .setParameter("now", now)
        .setParameter("before", time)
        .setMaxResults(1)
        .getResultList()
        .isEmpty();
  }

  private static List<SessionRow> joined(List<SessionRow> first, List<SessionRow> second) {
    List<SessionRow> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** A cursor is not validated: one that is no time is none. */
  private static @Nullable Instant parse(String cursor) {
    try {
      return Instant.parse(cursor);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
