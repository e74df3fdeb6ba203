package dev.agentrelay.auth.takeover;

import dev.agentrelay.platform.identity.Credential;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings accounts, keys and logins of a PizzaPi relay into this one, all of them or none. What is
 * here already stays as it is, so it can be done again.
 */
final class Takeover {
  /** Fits no password. */
  private static final String NO_PASSWORD = "";

  private static final int ROWS_BETWEEN_REPORTS = 1_000;

  private final Connection database;
  private final Consumer<String> progress;

  /**
   * @param database of auth-service, whose tables are there
   * @param progress told in one line each what is under way
   */
  Takeover(Connection database, Consumer<String> progress) {
    this.database = database;
    this.progress = progress;
  }

  /** How many of each are new here. */
  record Summary(int accounts, int keys, int logins) {}

  /** Fills a statement for one row; false when the row is of no use. */
  @FunctionalInterface
  private interface Filling<T> {
    boolean fill(PreparedStatement insert, T row) throws SQLException;
  }

  /**
   * @throws TakeoverException when the file is not what it must be
   */
  Summary from(Path file) throws SQLException {
    try (UserDatabase users = UserDatabase.open(file)) {
      database.setAutoCommit(false);
      int accounts = insertAccounts(users.users());
      Map<String, String> idsHere = idsHere(users.users());
      Summary summary =
          new Summary(
              accounts, insertKeys(users.keys(), idsHere), insertLogins(users.logins(), idsHere));
      database.commit();
      return summary;
    }
  }

  private int insertAccounts(List<UserDatabase.User> users) throws SQLException {
    return insert(
        "accounts",
        users,
        "insert into auth.account (id, email, name, image, password_hash, email_verified,"
            + " created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
        (insert, user) -> {
          insert.setString(1, user.id());
          insert.setString(2, user.email());
          insert.setString(3, user.name());
          insert.setString(4, user.image());
          insert.setString(5, Objects.requireNonNullElse(user.password(), NO_PASSWORD));
          insert.setBoolean(6, user.emailVerified());
          insert.setTimestamp(7, Timestamp.from(user.createdAt()));
          insert.setTimestamp(8, Timestamp.from(user.updatedAt()));
          return true;
        });
  }

  /** Somebody may have registered here with the same address: the account here is theirs. */
  private Map<String, String> idsHere(List<UserDatabase.User> users) throws SQLException {
    Map<String, String> ids = new HashMap<>();
    try (PreparedStatement query =
        database.prepareStatement(
            "select id from auth.account where email = ? or id = ?"
                + " order by (email = ?) desc limit 1")) {
      for (UserDatabase.User user : users) {
        query.setString(1, user.email());
        query.setString(2, user.id());
        query.setString(3, user.email());
        try (ResultSet found = query.executeQuery()) {
          if (found.next()) {
            ids.put(user.id(), found.getString(1));
          }
        }
      }
    }
    return ids;
  }

  private int insertKeys(List<UserDatabase.Key> keys, Map<String, String> idsHere)
      throws SQLException {
    return insert(
        "API keys",
        keys,
        "insert into auth.api_key (id, account_id, key_hash, name, start, prefix, enabled,"
            + " rate_limit_time_window, rate_limit_max, last_request, expires_at, created_at,"
            + " updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
        (insert, key) -> {
          insert.setString(1, key.id());
          insert.setString(2, idsHere.get(key.userId()));
          insert.setString(3, key.hash());
          insert.setString(4, key.name());
          insert.setString(5, key.start());
          insert.setString(6, key.prefix());
          insert.setBoolean(7, key.enabled());
          insert.setObject(8, key.rateLimitTimeWindow());
          insert.setObject(9, key.rateLimitMax());
          insert.setTimestamp(10, timestamp(key.lastRequest()));
          insert.setTimestamp(11, timestamp(key.expiresAt()));
          insert.setTimestamp(12, Timestamp.from(key.createdAt()));
          insert.setTimestamp(13, Timestamp.from(key.updatedAt()));
          return idsHere.containsKey(key.userId());
        });
  }

  private int insertLogins(List<UserDatabase.Login> logins, Map<String, String> idsHere)
      throws SQLException {
    Instant now = Instant.now();
    return insert(
        "logins",
        logins,
        "insert into auth.login_session (id, account_id, token_hash, remembered, expires_at,"
            + " ip_address, user_agent, created_at, updated_at)"
            + " values (?, ?, ?, true, ?, ?, ?, ?, ?) on conflict do nothing",
        (insert, login) -> {
          insert.setString(1, login.id());
          insert.setString(2, idsHere.get(login.userId()));
          insert.setString(3, Credential.hash(login.token()));
          insert.setTimestamp(4, Timestamp.from(login.expiresAt()));
          insert.setString(5, login.ipAddress());
          insert.setString(6, login.userAgent());
          insert.setTimestamp(7, Timestamp.from(login.createdAt()));
          insert.setTimestamp(8, Timestamp.from(login.updatedAt()));
          return idsHere.containsKey(login.userId()) && login.expiresAt().isAfter(now);
        });
  }

  private <T> int insert(String what, List<T> rows, String statement, Filling<T> filling)
      throws SQLException {
    int inserted = 0;
    int done = 0;
    try (PreparedStatement insert = database.prepareStatement(statement)) {
      for (T row : rows) {
        if (filling.fill(insert, row)) {
          inserted += insert.executeUpdate();
        }
        if (++done % ROWS_BETWEEN_REPORTS == 0 || done == rows.size()) {
          progress.accept("%s: %d of %d".formatted(what, done, rows.size()));
        }
      }
    }
    return inserted;
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant time) {
    return time == null ? null : Timestamp.from(time);
  }
}
