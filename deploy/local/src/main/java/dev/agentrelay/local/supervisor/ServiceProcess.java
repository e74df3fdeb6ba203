package dev.agentrelay.local.supervisor;

import dev.agentrelay.local.data.LauncherException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A child JVM that says on an HTTP address when it is ready. */
public final class ServiceProcess implements Child {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private static final Duration READY_LIMIT = Duration.ofMinutes(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(3);
  private static final long POLL_MILLIS = 250;

  private final Process process;

  private ServiceProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts the command and waits until {@code ready} answers 200.
   *
   * @param environment added to this process' own
   * @throws LauncherException when it ends or takes more than five minutes; it is not left running
   */
  public static ServiceProcess start(
      String name, List<String> command, Map<String, String> environment, Path log, URI ready) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    ServiceProcess started;
    try {
      started = new ServiceProcess(builder.start());
    } catch (IOException failure) {
      throw new LauncherException(name + " cannot be started: " + failure.getMessage(), failure);
    }
    try {
      started.awaitReady(name, log, ready);
      return started;
    } catch (LauncherException failure) {
      started.stop();
      throw failure;
    }
  }

  /** Whether that address answers 200 now. */
  public static boolean isReady(URI ready) {
    HttpRequest probe = HttpRequest.newBuilder(ready).timeout(PROBE_LIMIT).build();
    try {
      return CLIENT.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void stop() {
    process.destroy();
    if (!endsWithin(STOP_LIMIT.toMillis())) {
      process.destroyForcibly();
      endsWithin(STOP_LIMIT.toMillis());
    }
  }

  /** Waits for its end without asking for it. */
  public boolean endsWithin(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void awaitReady(String name, Path log, URI ready) {
    long limit = System.nanoTime() + READY_LIMIT.toNanos();
    while (!isReady(ready)) {
      if (endsWithin(POLL_MILLIS)) {
        throw new LauncherException(
            name + " ended while it started" + lastError(log) + "; its log is " + log + ".");
      }
      if (System.nanoTime() > limit) {
        throw new LauncherException(
            name
                + " was not ready after "
                + READY_LIMIT.toSeconds()
                + " s; its log is "
                + log
                + ".");
      }
    }
  }

  private static String lastError(Path log) {
    try (var lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains("ERROR") || line.contains("Caused by"))
          .reduce((earlier, later) -> later)
          .map(line -> " (" + line.strip() + ")")
          .orElse("");
    } catch (IOException | UncheckedIOException unreadable) {
      return "";
    }
  }
}
