package dev.agentrelay.benchmarks;

import dev.agentrelay.benchmarks.driver.Driver;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.report.Table;
import dev.agentrelay.benchmarks.scenario.Bench;
import dev.agentrelay.benchmarks.scenario.Interference;
import dev.agentrelay.benchmarks.suite.ProcessUse;
import dev.agentrelay.benchmarks.suite.Suite;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command behind {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    sortOptions = false,
    description = {
      "Starts the built gateway on real stores, puts load on it and prints a table of figures.",
      "CPU is that of the named processes alone, as Linux counts it; the driver is not in it."
    },
    footer =
        "%nExit code: 0 when every bar is met, 1 when one is not, 2 when something was not"
            + " measured.")
public final class Benchmarks implements Callable<Integer> {
  private static final long GIBIBYTE = 1L << 30;

  @Option(
      names = "--only",
      paramLabel = "SCENARIO",
      description = "Only these: ${COMPLETION-CANDIDATES}. May be given more than once.")
  private List<Choice> only = new ArrayList<>();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long each run measures (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "45",
      description =
          "How many seconds of load come before the first run (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--profile",
      paramLabel = "FOLDER",
      description = "Leave a flight recording of each gateway there; it costs a little speed.")
  private @Nullable Path profile;

  @Option(names = "--help", usageHelp = true, description = "Show this and end.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  private Benchmarks() {}

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(
        new CommandLine(new Benchmarks())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(Choice.class, Benchmarks::choice)
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  System.err.println("Nothing could be measured: " + failure.getMessage());
                  return 2;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() {
    if (seconds < 1 || warmUp < 1) {
      throw new IllegalArgumentException("--seconds and --warm-up must be at least 1");
    }
    List<Choice> chosen = only.isEmpty() ? List.of(Choice.values()) : only;
    List<Figure> figures = new ArrayList<>();
    List<Choice> unmeasured = new ArrayList<>();
    Interference interference = new Interference();
    System.err.println("Starting Postgres, Redis and Kafka");
    try (Driver driver = new Driver();
        Suite suite = new Suite(home(), profile == null ? null : profile.toAbsolutePath())) {
      Bench bench =
          new Bench(
              suite, driver, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds), interference);
      for (Choice choice : chosen) {
        System.err.println("Scenario " + choice);
        try {
          List<Figure> measured = choice.scenario().run(bench);
          measured.forEach(
              figure -> System.err.println("  " + figure.measure() + ": " + figure.runs()));
          figures.addAll(measured);
        } catch (RuntimeException failure) {
          System.err.println("  not measured: " + failure.getMessage());
          unmeasured.add(choice);
        }
      }
    }
    System.out.println(machine());
    System.out.println(interference.warning());
    System.out.println(Table.of(figures));
    if (!unmeasured.isEmpty()) {
      System.err.println("Not measured: " + unmeasured);
      return 2;
    }
    return figures.stream().anyMatch(figure -> Boolean.FALSE.equals(figure.met())) ? 1 : 0;
  }

  private static Choice choice(String text) {
    for (Choice choice : Choice.values()) {
      if (choice.toString().equals(text)) {
        return choice;
      }
    }
    throw new CommandLine.TypeConversionException(
        "there is no scenario '" + text + "', only " + List.of(Choice.values()));
  }

  private static Path home() {
    String home = System.getProperty("relay.home");
    if (home == null) {
      throw new IllegalStateException("start the benchmarks by benchmarks/run");
    }
    return Path.of(home);
  }

  private static String machine() {
    return "%d cores, %d GiB of memory, JDK %s (%s), %s%n"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            Math.ceilDiv(ProcessUse.memoryOfMachine(), GIBIBYTE),
            Runtime.version(),
            System.getProperty("java.vendor"),
            LocalDate.now(ZoneOffset.UTC));
  }
}
