package dev.agentrelay.gateway.folders;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * The folders a user has started sessions in, the most used first (rest.md 4.5). In Postgres; every
 * call runs on a worker. Fails when Postgres is away.
 */
@Singleton
public class RecentFolders {
  private static final Logger LOG = Logger.getLogger(RecentFolders.class);
  private static final int MAX_FOLDERS = 50;

  private static final String RECORD =
      """
      INSERT INTO gateway.recent_folder AS known (user_id, runner_id, path, usage_count, last_used_at)
      VALUES (?, ?, ?, 1, now())
      ON CONFLICT (user_id, runner_id, path)
      DO UPDATE SET usage_count = known.usage_count + 1, last_used_at = now()
      """;

  /** The one that was just recorded stays, or no new folder would ever come into a full list. */
  private static final String PRUNE =
      """
      DELETE FROM gateway.recent_folder
      WHERE user_id = ? AND runner_id = ? AND path IN (
        SELECT path FROM gateway.recent_folder
        WHERE user_id = ? AND runner_id = ? AND path <> ?
        ORDER BY usage_count DESC, last_used_at DESC
        OFFSET %d)
      """
          .formatted(MAX_FOLDERS - 1);

  private static final String LIST =
      """
      SELECT path FROM gateway.recent_folder
      WHERE user_id = ? AND runner_id = ?
      ORDER BY usage_count DESC, last_used_at DESC
      """;

  private static final String DELETE =
      "DELETE FROM gateway.recent_folder WHERE user_id = ? AND runner_id = ? AND path = ?";

  private final DataSource database;
  private final Vertx vertx;

  RecentFolders(DataSource database, Vertx vertx) {
    this.database = database;
    this.vertx = vertx;
  }

  /** What is done with a connection. */
  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** A session was started there. Never fails: nobody's session depends on it. */
  public void record(UserId user, RunnerId runner, String folder) {
    String path = folder.strip();
    if (path.isEmpty()) {
      return;
    }
    run(connection -> {
          update(connection, RECORD, user.value(), runner.value(), path);
          return update(
              connection, PRUNE, user.value(), runner.value(), user.value(), runner.value(), path);
        })
        .onFailure(
            failure ->
                LOG.warnf(
                    "A folder of user %s on runner %s was not recorded: %s",
                    user, runner, failure.getMessage()));
  }

  /** At most {@value #MAX_FOLDERS} paths. */
  Future<List<String>> list(UserId user, RunnerId runner) {
    return run(
        connection -> {
          try (PreparedStatement query = prepare(connection, LIST, user.value(), runner.value());
              ResultSet rows = query.executeQuery()) {
            List<String> paths = new ArrayList<>();
            while (rows.next()) {
              paths.add(rows.getString(1));
            }
            return paths;
          }
        });
  }

  /** Forgets a folder; false when it was not known. */
  Future<Boolean> delete(UserId user, RunnerId runner, String path) {
    return run(connection -> update(connection, DELETE, user.value(), runner.value(), path) > 0);
  }

  private <T> Future<T> run(Work<T> work) {
    return vertx.executeBlocking(
        () -> {
          try (Connection connection = database.getConnection()) {
            return work.run(connection);
          }
        },
        false);
  }

  private static int update(Connection connection, String sql, String... arguments)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, arguments)) {
      return statement.executeUpdate();
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, String... arguments)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setString(i + 1, arguments[i]);
    }
    return statement;
  }
}
