package dev.agentrelay.trigger.replica;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
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
  private static final Duration START = Duration.ofMinutes(4);
  private static final UserId NOBODY = new UserId("user-of-no-runner");

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
                "-Xmx128m",
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
        .until(() -> as(NOBODY).get("/api/routes").statusCode() == 200);
    return this;
  }

  /** A request of that user to this replica. */
  RequestSpecification as(UserId user) {
    return given()
        .baseUri("http://127.0.0.1:" + port)
        .urlEncodingEnabled(false)
        .header("x-api-key", TestingIdentities.apiKey(user))
        .contentType(ContentType.JSON);
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
