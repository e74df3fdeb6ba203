package dev.agentrelay.auth.takeover;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The command {@code import-users <file>}. It is a program of its own, which needs auth-service's
 * database and nothing else that the service needs.
 */
public final class TakeoverCommand {
  /** What is typed to have it. */
  public static final String NAME = "import-users";

  private static final String FILE = "AUTH_DB_PATH";
  private static final String URL = "quarkus.datasource.jdbc.url";
  private static final String NO_SUCH_TABLE = "42P01";
  private static final int WRONG_USE = 2;

  private static final String USAGE =
      """
      Usage: java -jar quarkus-run.jar import-users [FILE]

      Brings the accounts, API keys and logins of a PizzaPi relay into this one. FILE is its SQLite
      user database, by default what AUTH_DB_PATH names; it is only read. What is here already
      stays as it is, so the command can be given again. auth-service must have been started once,
      and may be running.

      The database of this relay is named as for auth-service:
        QUARKUS_DATASOURCE_JDBC_URL   such as jdbc:postgresql://127.0.0.1:5432/relay
        QUARKUS_DATASOURCE_USERNAME
        QUARKUS_DATASOURCE_PASSWORD

      For logins to go on, auth-service's secret must be the BETTER_AUTH_SECRET of the other relay.
      """;

  private TakeoverCommand() {}

  /** The exit code: 0 when it is done, 1 when it cannot be, 2 when it was given wrongly. */
  public static int run(String[] arguments, PrintStream out, PrintStream err) {
    if (arguments.length == 2 && (arguments[1].equals("--help") || arguments[1].equals("-h"))) {
      out.print(USAGE);
      return 0;
    }
    Optional<Path> file = file(arguments);
    if (file.isEmpty()) {
      err.print(USAGE);
      return WRONG_USE;
    }
    try (Connection database = connect()) {
      Takeover.Summary done = new Takeover(database, out::println).from(file.get());
      out.printf(
          "Imported %d accounts, %d API keys and %d logins.%n",
          done.accounts(), done.keys(), done.logins());
      return 0;
    } catch (TakeoverException e) {
      err.println(e.getMessage());
    } catch (SQLException e) {
      err.println(
          NO_SUCH_TABLE.equals(e.getSQLState())
              ? "The database has no tables of auth-service yet: start auth-service once, and try"
                  + " again."
              : "The relay's database refuses, so nothing was imported: " + e.getMessage());
    }
    return 1;
  }

  private static Optional<Path> file(String... arguments) {
    Optional<String> named =
        arguments.length == 1
            ? Optional.ofNullable(System.getenv(FILE)).filter(path -> !path.isBlank())
            : Optional.of(arguments[1])
                .filter(path -> arguments.length == 2 && !path.startsWith("-"));
    return named.map(Path::of);
  }

  private static Connection connect() throws SQLException {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder().addDefaultInterceptors().addDefaultSources().build();
    String url =
        config
            .getOptionalValue(URL, String.class)
            .orElseThrow(
                () ->
                    new TakeoverException(
                        "QUARKUS_DATASOURCE_JDBC_URL must name the relay's database."));
    return DriverManager.getConnection(
        url,
        config.getOptionalValue("quarkus.datasource.username", String.class).orElse(null),
        config.getOptionalValue("quarkus.datasource.password", String.class).orElse(null));
  }
}
