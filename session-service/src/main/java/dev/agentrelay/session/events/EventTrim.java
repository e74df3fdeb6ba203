package dev.agentrelay.session.events;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import javax.sql.DataSource;

/**
 * Deletes events that nobody is to read any more, so many at a time that no transaction is long.
 * How far a log has come outlives its events, so that none is taken again.
 */
@ApplicationScoped
public class EventTrim {
  private static final int EVENTS_AT_ONCE = 20_000;
  private static final int LOGS_AT_ONCE = 10;
  private static final int EVENTS_OF_A_LOG = 5_000;

  private static final String DELETE_ALL =
      """
      with gone as (delete from session.events where session_id = any (?))
      update session.event_logs set bytes = 0, first_position = position + 1
      where session_id = any (?)
      """;

  private static final String DELETE_OLD =
      """
      with gone as (
          delete from session.events where ctid = any (array(
            select ctid from session.events where at < ? limit ?))
          returning session_id, position, length(event) as bytes),
        trimmed as (
          update session.event_logs log set bytes = greatest(0, log.bytes - sum.bytes),
            first_position = greatest(log.first_position, sum.last + 1)
          from (select session_id, sum(bytes) as bytes, max(position) as last
            from gone group by session_id) sum
          where log.session_id = sum.session_id)
      select count(*) from gone
      """;

  private static final String DELETE_EXCESS =
      """
      with long as (
          select session_id, least(position - ?, first_position + ? - 1) as last
          from session.event_logs where position - first_position >= ? limit ?),
        gone as (
          delete from session.events event using long
          where event.session_id = long.session_id and event.position <= long.last
          returning event.session_id, length(event.event) as bytes),
        trimmed as (
          update session.event_logs log set first_position = long.last + 1,
            bytes = greatest(0, log.bytes - coalesce(
              (select sum(bytes) from gone where gone.session_id = log.session_id), 0))
          from long where log.session_id = long.session_id)
      select count(*) from long
      """;

  private final DataSource database;

  EventTrim(DataSource database) {
    this.database = database;
  }

  /** Deletes the events of sessions. */
  @Transactional
  public void delete(Collection<String> sessions) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement(DELETE_ALL)) {
      delete.setArray(1, connection.createArrayOf("text", sessions.toArray()));
      delete.setArray(2, connection.createArrayOf("text", sessions.toArray()));
      delete.executeUpdate();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /**
   * Deletes events that happened before a time.
   *
   * @return whether there may be more of them
   */
  @Transactional
  public boolean trimOlderThan(Instant time) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement(DELETE_OLD)) {
      delete.setObject(1, EventLog.utc(time));
      delete.setInt(2, EVENTS_AT_ONCE);
      return count(delete) == EVENTS_AT_ONCE;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /**
   * Deletes all but the newest events of logs that have more of them.
   *
   * @return whether there may be more such logs
   */
  @Transactional
  public boolean trimTo(long most) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement(DELETE_EXCESS)) {
      delete.setLong(1, most);
      delete.setLong(2, EVENTS_OF_A_LOG);
      delete.setLong(3, most);
      delete.setInt(4, LOGS_AT_ONCE);
      return count(delete) > 0;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Forgets logs of which nothing has been heard since that time. */
  @Transactional
  public void forgetLogsBefore(Instant time) {
    try (Connection connection = database.getConnection();
        PreparedStatement forget =
            connection.prepareStatement(
                "delete from session.event_logs where at < ? and first_position > position")) {
      forget.setObject(1, EventLog.utc(time));
      forget.executeUpdate();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private static int count(PreparedStatement delete) throws SQLException {
    try (ResultSet row = delete.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }
}
