package dev.agentrelay.auth.replica;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.stores.FreePorts;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  private ReplicaProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a replica; its log is {@code target/replicas/<name>.log}. */
  static ReplicaProcess start(String name, Map<String, String> settings) {
    int port = FreePorts.next();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.port=" + FreePorts.next()));
    settings.forEach((setting, value) -> command.add("-D" + setting + "=" + value));
    command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
    try {
      Path logs = Files.createDirectories(Path.of("target", "replicas"));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(logs.resolve(name + ".log").toFile())
              .start();
      return new ReplicaProcess(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ReplicaProcess awaitReady() {
    await()
        .atMost(START)
        .ignoreExceptions()
        .until(() -> call().get("/api/signup-status").statusCode() == 200);
    return this;
  }

  /** A call to this replica from an address of its own. */
  RequestSpecification call() {
    return callFrom(freshAddress());
  }

  RequestSpecification callFrom(String address) {
    return given()
        .baseUri("http://127.0.0.1:" + port)
        .header("x-forwarded-for", address)
        .header("origin", ORIGIN)
        .contentType(ContentType.JSON)
        .urlEncodingEnabled(false);
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
