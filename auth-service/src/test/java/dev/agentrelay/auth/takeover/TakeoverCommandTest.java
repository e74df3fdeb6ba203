package dev.agentrelay.auth.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.AuthService;
import dev.agentrelay.testkit.stores.FreePorts;
import dev.agentrelay.testkit.stores.PostgresStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import-users} as an operator starts it: a process, with a database and nothing else. */
class TakeoverCommandTest {
  private static final int PEOPLE = 2_500;

  private static Path folder;
  private static PostgresStore postgres;

  @BeforeAll
  static void startDatabase(@TempDir Path temporary) {
    folder = temporary;
    postgres = PostgresStore.start(folder.resolve("postgres"), FreePorts.next());
  }

  @AfterAll
  static void stopDatabase() {
    postgres.close();
  }

  private record Ended(int code, String out, String err) {}

  private static Ended run(String url, String... arguments) throws Exception {
    return run(Map.of(), url, arguments);
  }

  private static Ended run(Map<String, String> operators, String url, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Short-lived, as the tests are.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // SQLite's library is native, of which newer JDKs warn.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(AuthService.class.getName(), "import-users"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.putAll(operators);
    environment.put("QUARKUS_DATASOURCE_JDBC_URL", url);
    environment.put("QUARKUS_DATASOURCE_USERNAME", PostgresStore.USERNAME);
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), read(out), read(err));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static Path users(String name) throws SQLException {
    Path file = folder.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(
          "CREATE TABLE user (id, name, email, emailVerified, image, createdAt, updatedAt)");
      sql.executeUpdate("CREATE TABLE account (id, providerId, userId, password)");
      sql.executeUpdate(
          "CREATE TABLE apikey (id, name, start, prefix, \"key\", userId, enabled,"
              + " rateLimitTimeWindow, rateLimitMax, lastRequest, expiresAt, createdAt,"
              + " updatedAt)");
      sql.executeUpdate(
          "CREATE TABLE session (id, expiresAt, token, createdAt, updatedAt, ipAddress, userAgent,"
              + " userId)");
      String people =
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
              + PEOPLE
              + ") ";
      String then = "'2026-01-02T03:04:05.678Z'";
      sql.executeUpdate(
          "INSERT INTO user "
              + people
              + "SELECT 'u' || i, 'Ada', 'Ada' || i || '@example.com', 0, NULL, "
              + then
              + ", 1767323045678 FROM n");
      sql.executeUpdate(
          "INSERT INTO apikey "
              + people
              + "SELECT 'k' || i, NULL, 'pk', NULL, 'hash' || i, 'u' || i, 1, NULL, NULL, NULL,"
              + " NULL, "
              + then
              + ", "
              + then
              + " FROM n");
      sql.executeUpdate(
          "INSERT INTO apikey VALUES ('lost', NULL, 'pk', NULL, 'h', 'nobody', 1, NULL, NULL, NULL,"
              + " NULL, 1, 1)");
    }
    return file;
  }

  @Test
  void importsOnceAndSaysHowFarItIs() throws Exception {
    Path file = users("auth.db");
    Ended early = run(postgres.url(), file.toString());
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.err())
        .startsWith("The database has no tables of auth-service yet")
        .hasLineCount(1);
    Flyway.configure()
        .dataSource(postgres.url(), PostgresStore.USERNAME, postgres.password())
        .schemas("auth")
        .load()
        .migrate();

    Ended first = run(postgres.url(), file.toString());

    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out().lines())
        .contains("accounts: 1000 of 2500", "API keys: 2501 of 2501")
        .last()
        .isEqualTo("Imported 2500 accounts, 2500 API keys and 0 logins.");
    assertThat(run(Map.of("AUTH_DB_PATH", file.toString()), postgres.url()).out())
        .endsWith("Imported 0 accounts, 0 API keys and 0 logins.\n");
    try (Connection connection =
            DriverManager.getConnection(postgres.url(), PostgresStore.USERNAME, "");
        Statement sql = connection.createStatement();
        ResultSet one =
            sql.executeQuery(
                "select a.email, k.key_hash from auth.account a"
                    + " join auth.api_key k on k.account_id = a.id where a.id = 'u7'")) {
      assertThat(one.next()).isTrue();
      assertThat(one.getString(1)).isEqualTo("ada7@example.com");
      assertThat(one.getString(2)).isEqualTo("hash7");
    }
  }

  @Test
  void explainsItselfAndSaysInOneSentenceWhatIsWrong() throws Exception {
    Ended help = run("", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage:").contains("QUARKUS_DATASOURCE_JDBC_URL");
    assertThat(run("").code()).isEqualTo(2);
    assertThat(run("", "--force").err()).startsWith("Usage:");

    Ended nothing = run(postgres.url(), folder.resolve("nothing.db").toString());
    assertThat(nothing.code()).isEqualTo(1);
    assertThat(nothing.err()).startsWith("There is no file").hasLineCount(1);
    Ended away = run("jdbc:postgresql://127.0.0.1:1/relay", users("b.db").toString());
    assertThat(away.code()).isEqualTo(1);
    assertThat(away.err()).startsWith("The relay's database refuses").hasLineCount(1);
    assertThat(run("", "auth.db").err()).startsWith("QUARKUS_DATASOURCE_JDBC_URL must name");
  }
}
