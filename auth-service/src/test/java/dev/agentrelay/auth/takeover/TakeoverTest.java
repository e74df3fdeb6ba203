package dev.agentrelay.auth.takeover;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.auth.RandomText;
import dev.agentrelay.auth.RealStores;
import dev.agentrelay.auth.account.Passwords;
import dev.agentrelay.auth.credential.LoginCookies;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@QuarkusTest
@RealStores
class TakeoverTest {
  private static final String LATER = "'2999-01-01T00:00:00.000Z'";
  private static final String THEN = "'2026-01-02T03:04:05.678Z'";

  @Inject DataSource relay;
  @Inject Passwords passwords;
  @Inject LoginCookies cookies;

  private final String email = freshEmail();
  private final String user = RandomText.id();
  private final String key = "pzpe" + RandomText.of(64);
  private final String token = RandomText.id();

  /** The tables as the original makes them, as far as they are read. */
  private Path database(Path folder) throws SQLException {
    Path file = folder.resolve("auth.db");
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    try (Connection connection = source.getConnection();
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(
          "CREATE TABLE user (id TEXT, name TEXT, email TEXT, emailVerified INTEGER, image TEXT,"
              + " createdAt TEXT, updatedAt TEXT)");
      sql.executeUpdate(
          "CREATE TABLE account (id TEXT, providerId TEXT, userId TEXT, password TEXT)");
      sql.executeUpdate(
          "CREATE TABLE apikey (id TEXT, name TEXT, start TEXT, prefix TEXT, \"key\" TEXT, userId"
              + " TEXT, enabled INTEGER, rateLimitTimeWindow INTEGER, rateLimitMax INTEGER,"
              + " lastRequest TEXT, expiresAt TEXT, createdAt TEXT, updatedAt TEXT)");
      sql.executeUpdate(
          "CREATE TABLE session (id TEXT, expiresAt TEXT, token TEXT, createdAt TEXT, updatedAt"
              + " TEXT, ipAddress TEXT, userAgent TEXT, userId TEXT)");
      sql.executeUpdate(
          "INSERT INTO user VALUES ('%s', 'Ada', '%s', 0, NULL, %s, '1767323045678')"
              .formatted(user, email, THEN));
      sql.executeUpdate(
          "INSERT INTO account VALUES ('a', 'credential', '%s', '%s')"
              .formatted(user, passwords.hash(PASSWORD)));
      sql.executeUpdate(
          "INSERT INTO apikey VALUES ('%s', 'laptop', '%s', 'pzpe', '%s', '%s', 1, 86400000, 10,"
                  .formatted(RandomText.id(), key.substring(0, 6), Credential.hash(key), user)
              + " NULL, NULL, %s, %s)".formatted(THEN, THEN));
      sql.executeUpdate(
          "INSERT INTO session VALUES ('%s', %s, '%s', %s, %s, NULL, 'Browser', '%s')"
              .formatted(RandomText.id(), LATER, token, THEN, THEN, user));
    }
    return file;
  }

  private Takeover.Summary takeOver(Path file) throws SQLException {
    try (Connection connection = relay.getConnection()) {
      return new Takeover(connection, line -> {}).from(file);
    }
  }

  @Test
  void peopleSignInWithTheirPasswordsKeysAndCookiesAsBefore(@TempDir Path folder) throws Exception {
    Path file = database(folder);
    assertThat(takeOver(file)).isEqualTo(new Takeover.Summary(1, 1, 1));
    call()
        .body(Map.of("email", email, "password", PASSWORD))
        .post("/api/auth/sign-in/email")
        .then()
        .statusCode(200)
        .body("user.id", equalTo(user))
        .body("user.createdAt", equalTo("2026-01-02T03:04:05.678Z"))
        .body("user.updatedAt", equalTo("2026-01-02T03:04:05.678Z"));
    call().header("x-api-key", key).get("/api/me").then().body("userId", equalTo(user));
    String cookie = URLEncoder.encode(cookies.sign(token).value(), StandardCharsets.UTF_8);
    call()
        .header("cookie", "better-auth.session_token=" + cookie)
        .get("/api/me")
        .then()
        .body("userId", equalTo(user));
    assertThat(takeOver(file)).isEqualTo(new Takeover.Summary(0, 0, 0));
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithAFile(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> takeOver(folder.resolve("nothing.db")))
        .hasMessageStartingWith("There is no file");
    Path other = Files.writeString(folder.resolve("other.db"), "not a database".repeat(100));
    assertThatThrownBy(() -> takeOver(other)).hasMessageContaining("is no user database");
  }
}
