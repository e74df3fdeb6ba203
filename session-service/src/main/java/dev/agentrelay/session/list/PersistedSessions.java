package dev.agentrelay.session.list;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.Timestamps;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a user's persisted sessions page by page (rest.md 5.1), without entities: every page that
 * shows sessions asks for this list. Blocks.
 */
@ApplicationScoped
class PersistedSessions {
  private static final int MOST_PINNED = 1_000;
  private static final String OF_USER =
      "select " + PersistedSession.COLUMNS + " from session.sessions where user_id = ? ";
  private static final String NOT_EXPIRED = "and (expires_at is null or expires_at > ?) ";
  private static final String FIRST =
      OF_USER
          + "and (pinned or expires_at is null or expires_at > ?) "
          + "order by pinned desc, last_active_at desc ";
  private static final String BEFORE =
      OF_USER
          + NOT_EXPIRED
          + "and not pinned and last_active_at < ? "
          + "order by last_active_at desc ";
  private static final String PINNED =
      OF_USER + "and pinned order by last_active_at desc limit " + MOST_PINNED;

  private final DataSource database;

  PersistedSessions(DataSource database) {
    this.database = database;
  }

  /**
   * @param nextCursor where the next page starts; absent on the last
   */
  record Page(List<PersistedSession> sessions, @Nullable String nextCursor) {
    static final Page NONE = new Page(List.of(), null);
  }

  /**
   * One page: the first has pinned sessions on top; those after it have every pinned session at the
   * end, so clients drop what they have already. A page may be longer than the limit by sessions of
   * the same millisecond, because the cursor is a time and would skip them.
   */
  Page page(UserId user, @Nullable String cursor, int limit) throws SQLException {
    Instant before = cursor == null ? null : parse(cursor);
    try (Connection connection = database.getConnection()) {
      return before == null
          ? firstPage(connection, user, limit)
          : pageBefore(connection, user, before, limit);
    }
  }

  /** Every pinned session, the last active first. */
  List<PersistedSession> pinned(UserId user) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return pinned(connection, user);
    }
  }

  private static Page firstPage(Connection connection, UserId user, int limit) throws SQLException {
    Instant now = Instant.now();
    List<PersistedSession> found = read(connection, FIRST + rows(limit + 1), user.value(), now);
    int pinned = (int) found.stream().filter(PersistedSession::pinned).count();
    if (pinned < limit) {
      return cut(connection, user, now, found, limit);
    }
    // The next page must begin with the newest of the others, whatever the last pinned one's time.
    List<PersistedSession> newest =
        read(
            connection, BEFORE + rows(1), user.value(), now, Instant.parse("9999-01-01T00:00:00Z"));
    boolean more = !newest.isEmpty() || pinned > limit;
    Instant start = newest.isEmpty() ? now : newest.getFirst().lastActiveAt().plusMillis(1);
    return new Page(found.subList(0, limit), more ? Timestamps.text(start) : null);
  }

  private static Page pageBefore(Connection connection, UserId user, Instant before, int limit)
      throws SQLException {
    Instant now = Instant.now();
    List<PersistedSession> found =
        read(connection, BEFORE + rows(limit + 1), user.value(), now, before);
    Page page = cut(connection, user, now, found, limit);
    List<PersistedSession> sessions = new ArrayList<>(page.sessions());
    sessions.addAll(pinned(connection, user));
    return new Page(sessions, page.nextCursor());
  }

  /** What was found has one session more than the page, if there are as many. */
  private static Page cut(
      Connection connection, UserId user, Instant now, List<PersistedSession> found, int limit)
      throws SQLException {
    if (found.size() <= limit) {
      return new Page(found, null);
    }
    Instant last = found.get(limit - 1).lastActiveAt();
    if (found.get(limit).lastActiveAt().isBefore(last)) {
      return new Page(found.subList(0, limit), Timestamps.text(last));
    }
    boolean more = !read(connection, BEFORE + rows(1), user.value(), now, last).isEmpty();
    return new Page(found, more ? Timestamps.text(last) : null);
  }

  private static List<PersistedSession> pinned(Connection connection, UserId user)
      throws SQLException {
    return read(connection, PINNED, user.value());
  }

  /**
   * The number stands in the text: given as a parameter, Postgres would expect a tenth of all rows
   * and plan each call anew, which costs as much as the call.
   */
  private static String rows(int most) {
    return "fetch first " + most + " rows with ties";
  }

  private static List<PersistedSession> read(
      Connection connection, String query, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        Object parameter = parameters[i];
        statement.setObject(
            i + 1,
            parameter instanceof Instant time
                ? OffsetDateTime.ofInstant(time, ZoneOffset.UTC)
                : parameter);
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<PersistedSession> sessions = new ArrayList<>();
        while (rows.next()) {
          sessions.add(PersistedSession.of(rows));
        }
        return sessions;
      }
    }
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
