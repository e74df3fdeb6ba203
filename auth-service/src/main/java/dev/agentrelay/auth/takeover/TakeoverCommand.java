package dev.agentrelay.auth.takeover;

import io.quarkus.runtime.QuarkusApplication;
import java.nio.file.Path;

/** The command {@code import-users <file>}. */
public class TakeoverCommand implements QuarkusApplication {
  /** What is typed to have it. */
  public static final String NAME = "import-users";

  private static final String USAGE =
      """
      Usage: java -jar quarkus-run.jar import-users FILE

      Brings the accounts, API keys and logins of a PizzaPi relay into this one. FILE is its SQLite
      user database (AUTH_DB_PATH there, auth.db by default); it is only read. What is here already
      stays as it is, so the command can be given again. The database of this relay is the one that
      auth-service is configured with. For logins to go on, BETTER_AUTH_SECRET must be the same.
      """;

  private final Takeover takeover;

  TakeoverCommand(Takeover takeover) {
    this.takeover = takeover;
  }

  @Override
  public int run(String... arguments) {
    if (arguments.length != 2 || arguments[1].startsWith("-")) {
      System.err.print(USAGE);
      return arguments.length == 2 && arguments[1].equals("--help") ? 0 : 2;
    }
    try {
      Takeover.Summary done = takeover.from(Path.of(arguments[1]));
      System.out.printf(
          "Imported %d accounts, %d API keys and %d logins.%n",
          done.accounts(), done.keys(), done.logins());
      return 0;
    } catch (TakeoverException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }
}
