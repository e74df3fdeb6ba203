package dev.agentrelay.session.events;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.events.EventPage.Entry;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Reads the log of one session page by page. */
@ApplicationScoped
class EventReader {
  private static final long LARGEST_PAGE_BYTES = 4_194_304;

  private final DataSource database;

  EventReader(DataSource database) {
    this.database = database;
  }

  /**
   * The events after a place, oldest first.
   *
   * @param after 0 for the beginning
   */
  EventPage after(SessionId session, UserId user, long after, int limit) {
    try (Connection connection = database.getConnection()) {
      // The end is read first: what is added meanwhile is only more, never missed.
      long end = end(connection, session, user);
      return end <= after
          ? EventPage.of(after, List.of(), Math.max(0, end), false)
          : page(connection, session, after, limit, end);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private static long end(Connection connection, SessionId session, UserId user)
      throws SQLException {
    try (PreparedStatement read =
        connection.prepareStatement(
            "select position from session.event_logs where session_id = ? and user_id = ?")) {
      read.setString(1, session.value());
      read.setString(2, user.value());
      try (ResultSet row = read.executeQuery()) {
        return row.next() ? row.getLong(1) : -1;
      }
    }
  }

  private static EventPage page(
      Connection connection, SessionId session, long after, int limit, long end)
      throws SQLException {
    try (PreparedStatement read =
        connection.prepareStatement(
            """
            select position, at, event from (
              select position, at, event, sum(length(event)) over (order by position) as bytes
              from (select position, at, event from session.events
                where session_id = ? and position > ? order by position limit ?) as next
            ) as sized where bytes - length(event) < ? order by position
            """)) {
      read.setString(1, session.value());
      read.setLong(2, after);
      read.setInt(3, limit);
      read.setLong(4, LARGEST_PAGE_BYTES);
      List<Entry> events = new ArrayList<>();
      try (ResultSet rows = read.executeQuery()) {
        while (rows.next()) {
          events.add(
              new Entry(
                  rows.getLong(1),
                  rows.getObject(2, OffsetDateTime.class).toInstant(),
                  new String(rows.getBytes(3), StandardCharsets.UTF_8)));
        }
      }
      boolean more = !events.isEmpty() && events.getLast().position() < end;
      return EventPage.of(after, events, end, more);
    }
  }
}
