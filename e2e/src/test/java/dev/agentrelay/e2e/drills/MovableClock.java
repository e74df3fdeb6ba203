package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.local.suite.Replica;
import dev.agentrelay.local.supervisor.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A service of the suite that runs under a clock of its own, which libfaketime moves: the wall
 * clock alone, as when somebody sets that of a machine. It takes the place of the one that ran.
 */
final class MovableClock implements AutoCloseable {
  private static final List<Path> LIBRARIES =
      Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
          .map(machine -> Path.of("/usr/lib", machine, "faketime/libfaketimeMT.so.1"))
          .toList();

  private final Path setting;
  private final ServiceProcess process;
  private final Thread atExit;

  private MovableClock(Path setting, ServiceProcess process) {
    this.setting = setting;
    this.process = process;
    this.atExit = new Thread(process::stop, "stop-moved-clock");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Where the library is, if it is installed. */
  static Optional<Path> library() {
    return LIBRARIES.stream().filter(Files::exists).findFirst();
  }

  /** Starts a replica again, as it was started before; its clock is right to begin with. */
  static MovableClock of(Suite suite, Part part) {
    Replica replica =
        suite.replicas().stream()
            .filter(each -> each.name().equals(part.toString()))
            .findFirst()
            .orElseThrow();
    Path process = Path.of("/proc", Long.toString(part.process().pid()));
    List<String> command = words(process.resolve("cmdline"));
    Map<String, String> environment = new HashMap<>();
    words(process.resolve("environ"))
        .forEach(
            word -> {
              int equals = word.indexOf('=');
              environment.put(word.substring(0, equals), word.substring(equals + 1));
            });
    try {
      Path setting = Files.createTempFile("moved-clock", "");
      write(setting, Duration.ZERO);
      environment.put("LD_PRELOAD", library().orElseThrow().toString());
      environment.put("FAKETIME_TIMESTAMP_FILE", setting.toString());
      environment.put("FAKETIME_CACHE_DURATION", "1");
      environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
      environment.put("NO_FAKE_STAT", "1"); // the times of files stay right
      part.kill();
      return new MovableClock(
          setting,
          ServiceProcess.start(
              replica.name(),
              command,
              environment,
              Files.createDirectories(Path.of("target", "suite-logs"))
                  .resolve(replica.name() + "-moved-clock.log"),
              replica.readiness()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Sets it so far ahead of the right time, or back. */
  void move(Duration ahead) {
    try {
      write(setting, ahead);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Ends the service; the part can be started as before then. */
  @Override
  public void close() throws IOException {
    process.stop();
    Runtime.getRuntime().removeShutdownHook(atExit);
    Files.delete(setting);
  }

  private static void write(Path setting, Duration ahead) throws IOException {
    Files.writeString(setting, "%+d".formatted(ahead.toSeconds()));
  }

  /** What a file below {@code /proc} holds, each word of which ends with a zero. */
  private static List<String> words(Path file) {
    try {
      return Stream.of(Files.readString(file, StandardCharsets.UTF_8).split("\0", -1))
          .filter(word -> !word.isEmpty())
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
