package dev.agentrelay.session;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.stores.FreePorts;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The built service as a process of its own, which can be killed. */
final class ReplicaProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);

  private final Process process;
  private final int port;
  private final int managementPort;

  private ReplicaProcess(Process process, int port, int managementPort) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
  }

  /** Starts a replica; its log is {@code target/replicas/<name>.log}. */
  static ReplicaProcess start(String name, Map<String, String> settings) {
    int port = FreePorts.next();
    int managementPort = FreePorts.next();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.port=" + managementPort,
                // so that the groups do not wait long for a member that was killed
                "-Dmp.messaging.incoming.events.session.timeout.ms=6000",
                "-Dmp.messaging.incoming.sessions.session.timeout.ms=6000"));
    settings.forEach((setting, value) -> command.add("-D" + setting + "=" + value));
    command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
    try {
      Path logs = Files.createDirectories(Path.of("target", "replicas"));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(logs.resolve(name + ".log").toFile())
              .start();
      return new ReplicaProcess(process, port, managementPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ReplicaProcess awaitReady() {
    String ready = "http://127.0.0.1:" + managementPort + "/q/health/ready";
    await()
        .atMost(START)
        .ignoreExceptions()
        .until(() -> RestAssured.get(ready).statusCode() == 200);
    return this;
  }

  /** Calls of that user to this replica. */
  AttachmentClient as(UserId user) {
    return new AttachmentClient(URI.create("http://127.0.0.1:" + port), user);
  }

  /** Ends it without a chance to tidy up. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
