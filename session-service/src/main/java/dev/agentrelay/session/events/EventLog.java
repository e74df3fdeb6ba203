package dev.agentrelay.session.events;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Writes the events of all sessions. A batch is one transaction with what it says of how far each
 * log has come, so that a batch, or the whole topic, read again changes nothing.
 */
@ApplicationScoped
public class EventLog {
  private final DataSource database;

  EventLog(DataSource database) {
    this.database = database;
  }

  /** An event with its place in its session's log. */
  private record Placed(LoggedEvent event, long position) {}

  /** Takes a batch; events of one session in the order in which they happened. */
  @Transactional
  void take(List<LoggedEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    Map<SessionId, UserId> sessions = new LinkedHashMap<>();
    events.forEach(event -> sessions.putIfAbsent(event.session(), event.user()));
    try (Connection connection = database.getConnection()) {
      Map<SessionId, SessionLog> logs = lock(connection, sessions);
      List<Placed> placed = new ArrayList<>(events.size());
      for (LoggedEvent event : events) {
        long position =
            logs.getOrDefault(event.session(), SessionLog.empty(event.user())).take(event);
        if (position > 0) {
          placed.add(new Placed(event, position));
        }
      }
      insert(connection, placed);
      update(connection, logs);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private static Map<SessionId, SessionLog> lock(
      Connection connection, Map<SessionId, UserId> sessions) throws SQLException {
    // In one order everywhere, so that two batches never wait for each other.
    List<SessionId> ordered =
        sessions.keySet().stream().sorted((a, b) -> a.value().compareTo(b.value())).toList();
    try (PreparedStatement add =
        connection.prepareStatement(
            """
            insert into session.event_logs (session_id, user_id, epoch, number, at, position)
            select id, owner, 0, 0, to_timestamp(0), 0 from unnest(?, ?) as fresh (id, owner)
            on conflict do nothing
            """)) {
      add.setArray(1, array(connection, "text", ordered.stream().map(SessionId::value)));
      add.setArray(2, array(connection, "text", ordered.stream().map(id -> owner(sessions, id))));
      add.executeUpdate();
    }
    Map<SessionId, SessionLog> logs = new HashMap<>();
    try (PreparedStatement read =
        connection.prepareStatement(
            """
            select session_id, user_id, epoch, number, at, position from session.event_logs
            where session_id = any (?) order by session_id for update
            """)) {
      read.setArray(1, array(connection, "text", ordered.stream().map(SessionId::value)));
      try (ResultSet rows = read.executeQuery()) {
        while (rows.next()) {
          SessionLog log =
              new SessionLog(
                  new UserId(rows.getString(2)),
                  rows.getLong(3),
                  rows.getLong(4),
                  rows.getObject(5, OffsetDateTime.class).toInstant(),
                  rows.getLong(6));
          logs.put(new SessionId(rows.getString(1)), log);
        }
      }
    }
    return logs;
  }

  private static String owner(Map<SessionId, UserId> sessions, SessionId id) {
    UserId owner = sessions.get(id);
    return owner == null ? "" : owner.value();
  }

  private static void insert(Connection connection, List<Placed> placed) throws SQLException {
    if (placed.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into session.events (session_id, position, at, event)
            select * from unnest(?, ?, ?, ?)
            """)) {
      insert.setArray(
          1, array(connection, "text", placed.stream().map(one -> one.event().session().value())));
      insert.setArray(2, array(connection, "bigint", placed.stream().map(Placed::position)));
      insert.setArray(
          3, array(connection, "timestamptz", placed.stream().map(one -> utc(one.event().at()))));
      insert.setArray(
          4,
          connection.createArrayOf(
              "bytea",
              placed.stream().map(one -> one.event().json().getBytes()).toArray(byte[][]::new)));
      insert.executeUpdate();
    }
  }

  private static void update(Connection connection, Map<SessionId, SessionLog> logs)
      throws SQLException {
    List<Map.Entry<SessionId, SessionLog>> changed =
        logs.entrySet().stream().filter(log -> log.getValue().addedBytes() > 0).toList();
    if (changed.isEmpty()) {
      return;
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            update session.event_logs known set epoch = grown.epoch, number = grown.number,
              at = grown.at, position = grown.position, bytes = known.bytes + grown.bytes
            from unnest(?, ?, ?, ?, ?, ?) as grown (id, epoch, number, at, position, bytes)
            where known.session_id = grown.id
            """)) {
      update.setArray(
          1, array(connection, "text", changed.stream().map(one -> one.getKey().value())));
      update.setArray(
          2, array(connection, "bigint", changed.stream().map(one -> one.getValue().epoch())));
      update.setArray(
          3, array(connection, "bigint", changed.stream().map(one -> one.getValue().number())));
      update.setArray(
          4,
          array(connection, "timestamptz", changed.stream().map(one -> utc(one.getValue().at()))));
      update.setArray(
          5, array(connection, "bigint", changed.stream().map(one -> one.getValue().position())));
      update.setArray(
          6, array(connection, "bigint", changed.stream().map(one -> one.getValue().addedBytes())));
      update.executeUpdate();
    }
  }

  private static Array array(Connection connection, String type, Stream<?> values)
      throws SQLException {
    return connection.createArrayOf(type, values.toArray());
  }

  static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
