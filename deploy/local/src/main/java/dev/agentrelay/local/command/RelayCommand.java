package dev.agentrelay.local.command;

import dev.agentrelay.local.data.LauncherException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code ./relay}. */
@Command(
    name = "relay",
    description = "Runs a whole Agent Relay on this machine: stores, services and one public port.",
    mixinStandardHelpOptions = true,
    version = "Agent Relay 0.1.0",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      DemoCommand.class,
      TrainCommand.class
    },
    footer = {
      "",
      "Stores of your own are used when these are set:",
      "  RELAY_POSTGRES_URL   postgres://user:password@host:5432/database",
      "  RELAY_REDIS_URL      redis://:password@host:6379",
      "  RELAY_KAFKA_SERVERS  host:9092",
      "A web UI is served when RELAY_WEB_UI_DIR names its folder."
    })
public final class RelayCommand implements Runnable {
  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger STORE_LIBRARY = Logger.getLogger("io.zonky");

  /** Runs a command and ends with its exit code. */
  public static void main(String[] arguments) {
    STORE_LIBRARY.setLevel(Level.WARNING);
    System.exit(
        new CommandLine(new RelayCommand())
            .setExecutionExceptionHandler(RelayCommand::explain)
            .execute(arguments));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** One sentence where a person can put it right; a trace only for what nobody foresaw. */
  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
    if (failure instanceof LauncherException) {
      System.err.println(failure.getMessage());
    } else {
      failure.printStackTrace();
    }
    return 1;
  }
}
