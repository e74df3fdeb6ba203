package dev.agentrelay.benchmarks.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of a built service, with the gateway's heap and collector. */
public final class Replica implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 100;
  private static final int STOP_SECONDS = 15;
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

  private final Process process;
  private final int port;
  private final int managementPort;
  private final Path log;

  private Replica(Process process, int port, int managementPort, Path log) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.log = log;
  }

  /**
   * Starts a service and waits until it is ready.
   *
   * @param recording where the JVM leaves a flight recording at its end, if anywhere
   */
  static Replica start(
      Path jar,
      int port,
      int managementPort,
      Map<String, String> settings,
      Path log,
      @Nullable Path recording) {
    List<String> command = new ArrayList<>();
    command.add(java("java"));
    command.addAll(JVM_OPTIONS);
    if (recording != null) {
      command.add("-XX:StartFlightRecording=" + recordingOptions() + ",filename=" + recording);
    }
    command.addAll(List.of("-jar", jar.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().putAll(settings);
    try {
      Replica replica = new Replica(builder.start(), port, managementPort, log);
      replica.awaitReady();
      return replica;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public int port() {
    return port;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public long pid() {
    return process.pid();
  }

  /** Collects garbage, so that resident memory says what is alive. */
  public void collectGarbage() {
    diagnose("GC.run");
  }

  /** Collects garbage, and says what is left. */
  public Memory memory() {
    collectGarbage();
    return Memory.of(ProcessUse.residentBytes(pid()), diagnose("GC.heap_info"));
  }

  private String diagnose(String command) {
    try {
      Process diagnosis =
          new ProcessBuilder(java("jcmd"), Long.toString(pid()), command)
              .redirectErrorStream(true)
              .start();
      String said = new String(diagnosis.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!diagnosis.waitFor(STOP_SECONDS, TimeUnit.SECONDS) || diagnosis.exitValue() != 0) {
        throw new IllegalStateException("A service did not do " + command + ": " + said);
      }
      return said;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  /** Ends it as a crash does, and waits for that. */
  public void kill() {
    process.destroyForcibly();
    if (!endsWithin(STOP_SECONDS * 1000L)) {
      throw new IllegalStateException("A service could not be killed");
    }
  }

  @Override
  public void close() {
    process.destroy();
    if (!endsWithin(STOP_SECONDS * 1000L)) {
      process.destroyForcibly();
    }
  }

  private void awaitReady() {
    URI ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
    long limit = System.nanoTime() + READY_LIMIT.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!answers(http, ready)) {
        if (endsWithin(POLL_MILLIS)) {
          throw new IllegalStateException("A service ended while it started; its log is " + log);
        }
        if (System.nanoTime() > limit) {
          close();
          throw new IllegalStateException("A service did not become ready; its log is " + log);
        }
      }
    }
  }

  private static boolean answers(HttpClient http, URI ready) {
    try {
      HttpRequest probe = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(2)).build();
      return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private boolean endsWithin(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static String recordingOptions() {
    String options = "settings=profile,dumponexit=true";
    // counts time in native code too, which is where sockets are written
    return Runtime.version().feature() < 25 ? options : options + ",jdk.CPUTimeSample#enabled=true";
  }

  private static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", cause);
  }

  private static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }
}
