package dev.agentrelay.auth.takeover;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The SQLite file in which a PizzaPi relay keeps its users; it is only read. */
final class UserDatabase implements AutoCloseable {
  private static final String USERS =
      """
      SELECT u.id, u.name, u.email, u.emailVerified, u.image, u.createdAt, u.updatedAt,
             (SELECT a.password FROM account a
               WHERE a.userId = u.id AND a.providerId = 'credential') AS password
        FROM user u ORDER BY u.createdAt
      """;
  private static final String KEYS =
      """
      SELECT id, userId, "key", name, start, prefix, enabled, rateLimitTimeWindow, rateLimitMax,
             lastRequest, expiresAt, createdAt, updatedAt
        FROM apikey ORDER BY createdAt
      """;
  private static final String LOGINS =
      "SELECT id, userId, token, expiresAt, ipAddress, userAgent, createdAt, updatedAt FROM"
          + " session";

  private final Connection connection;

  private UserDatabase(Connection connection) {
    this.connection = connection;
  }

  /**
   * @throws TakeoverException when the file is not there or cannot be opened
   */
  static UserDatabase open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new TakeoverException("There is no file " + file + ".");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    try {
      return new UserDatabase(source.getConnection());
    } catch (SQLException e) {
      throw new TakeoverException("The file " + file + " cannot be opened: " + e.getMessage());
    }
  }

  /**
   * @param password {@code hex(salt):hex(key)}; absent for who signs in by other means
   */
  record User(
      String id,
      String name,
      String email,
      boolean emailVerified,
      @Nullable String image,
      @Nullable String password,
      Instant createdAt,
      Instant updatedAt) {}

  /**
   * @param hash unpadded base64url of SHA-256 over the key
   */
  record Key(
      String id,
      String userId,
      String hash,
      @Nullable String name,
      String start,
      @Nullable String prefix,
      boolean enabled,
      @Nullable Long rateLimitTimeWindow,
      @Nullable Long rateLimitMax,
      @Nullable Instant lastRequest,
      @Nullable Instant expiresAt,
      Instant createdAt,
      Instant updatedAt) {}

  record Login(
      String id,
      String userId,
      String token,
      Instant expiresAt,
      String ipAddress,
      String userAgent,
      Instant createdAt,
      Instant updatedAt) {}

  List<User> users() {
    return read(
        USERS,
        row ->
            new User(
                row.getString("id"),
                text(row, "name"),
                text(row, "email").toLowerCase(Locale.ROOT),
                row.getBoolean("emailVerified"),
                row.getString("image"),
                row.getString("password"),
                required(row, "createdAt"),
                required(row, "updatedAt")));
  }

  List<Key> keys() {
    return read(
        KEYS,
        row ->
            new Key(
                row.getString("id"),
                row.getString("userId"),
                row.getString("key"),
                row.getString("name"),
                text(row, "start"),
                row.getString("prefix"),
                row.getBoolean("enabled"),
                number(row, "rateLimitTimeWindow"),
                number(row, "rateLimitMax"),
                time(row, "lastRequest"),
                time(row, "expiresAt"),
                required(row, "createdAt"),
                required(row, "updatedAt")));
  }

  List<Login> logins() {
    return read(
        LOGINS,
        row ->
            new Login(
                row.getString("id"),
                row.getString("userId"),
                row.getString("token"),
                required(row, "expiresAt"),
                text(row, "ipAddress"),
                text(row, "userAgent"),
                required(row, "createdAt"),
                required(row, "updatedAt")));
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> read(String query, Reader<T> reader) {
    List<T> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(reader.read(rows));
      }
    } catch (SQLException e) {
      throw new TakeoverException("This is no user database of a PizzaPi relay: " + e.getMessage());
    }
    return found;
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : number;
  }

  private static Instant required(ResultSet row, String column) throws SQLException {
    Instant time = time(row, column);
    return time == null ? Instant.EPOCH : time;
  }

  /** A time is ISO-8601 text, with or without zone, or the number of milliseconds. */
  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      if (text.chars().allMatch(Character::isDigit)) {
        return Instant.ofEpochMilli(Long.parseLong(text));
      }
      return text.endsWith("Z")
          ? Instant.parse(text)
          : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new TakeoverException("The time " + text + " in " + column + " cannot be read.");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new TakeoverException("The file cannot be closed: " + e.getMessage());
    }
  }
}
