package dev.agentrelay.benchmarks.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command behind {@code benchmarks/capacity}. */
@Command(
    name = "benchmarks/capacity",
    sortOptions = false,
    description = {
      "Reads the table that benchmarks/run printed (scenarios live, fan-out, hub and tunnel) and"
          + " says",
      "what a relay of a given size needs."
    })
public final class Capacity implements Callable<Integer> {
  private static final String HEAD =
      """
      | Part | Load | Takes |
      |---|---|---|
      """;

  @Parameters(paramLabel = "FILE", description = "The output of benchmarks/run.")
  private Path table = Path.of("");

  @Option(names = "--runners", defaultValue = "100000", description = "(${DEFAULT-VALUE})")
  private long runners;

  @Option(names = "--viewers", defaultValue = "1000000", description = "(${DEFAULT-VALUE})")
  private long viewers;

  @Option(
      names = "--active",
      defaultValue = "0.2",
      description = "Share of runners with an agent at work (${DEFAULT-VALUE}).")
  private double activeShare;

  @Option(
      names = "--events",
      defaultValue = "5",
      description = "Events a second of an agent at work (${DEFAULT-VALUE}).")
  private double eventsPerSecond;

  @Option(
      names = "--bytes",
      defaultValue = "1024",
      description = "Size of an event (${DEFAULT-VALUE}).")
  private int eventBytes;

  @Option(
      names = "--tunnel",
      defaultValue = "1000",
      description = "MiB a second through all tunnels (${DEFAULT-VALUE}).")
  private double tunnelMebibytes;

  @Option(
      names = "--utilisation",
      defaultValue = "0.6",
      description = "How busy a core may be (${DEFAULT-VALUE}).")
  private double utilisation;

  @Option(names = "--help", usageHelp = true, description = "Show this and end.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  private Capacity() {}

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(
        new CommandLine(new Capacity())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  System.err.println("Nothing could be reckoned: " + failure.getMessage());
                  return 2;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Demand demand =
        new Demand(
            runners,
            viewers,
            activeShare,
            eventsPerSecond,
            eventBytes,
            tunnelMebibytes,
            utilisation);
    Plan plan = Plan.of(demand, new Measured(Files.readAllLines(table)));
    System.out.print(HEAD);
    plan.needs().forEach(System.out::println);
    System.out.println();
    System.out.println(plan.firstFull());
    return 0;
  }
}
