package dev.agentrelay.testkit.replica;

import dev.agentrelay.testkit.stores.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The built service of this module as a process of its own, which can be killed. */
public final class BuiltReplica implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Process process;
  private final URI url;
  private final URI ready;

  private BuiltReplica(Process process, int port, int managementPort) {
    this.process = process;
    this.url = URI.create("http://127.0.0.1:" + port);
    this.ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
  }

  /**
   * Starts a replica and does not wait for it; its log is {@code target/replicas/<name>.log}.
   *
   * @param settings configuration keys with their values
   */
  public static BuiltReplica start(String name, Map<String, String> settings) {
    int port = FreePorts.next();
    int managementPort = FreePorts.next();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.port=" + managementPort));
    settings.forEach((setting, value) -> command.add("-D" + setting + "=" + value));
    command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
    try {
      Path logs = Files.createDirectories(Path.of("target", "replicas"));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(logs.resolve(name + ".log").toFile())
              .start();
      return new BuiltReplica(process, port, managementPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it wants to be asked. */
  public void awaitReady() {
    Instant end = Instant.now().plus(START);
    while (!isReady()) {
      if (!process.isAlive() || Instant.now().isAfter(end)) {
        throw new IllegalStateException("the replica at " + url + " is not ready; see its log");
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private boolean isReady() {
    try {
      return HTTP.send(
                  HttpRequest.newBuilder(ready).timeout(START).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  public URI url() {
    return url;
  }

  /** Ends it without a chance to tidy up. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
