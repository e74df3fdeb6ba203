package dev.agentrelay.gateway;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.stores.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Another replica of the gateway in a process of its own, on the stores of the running test. */
final class SecondReplica {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** What the build knows of this module's dependencies. */
  private static final Path MODEL = Path.of("target", "quarkus", "bootstrap", "test-app-model.dat");

  private static final List<String> SHARED =
      List.of(
          "quarkus.datasource.jdbc.url",
          "quarkus.datasource.username",
          "quarkus.redis.hosts",
          "kafka.bootstrap.servers",
          "relay.auth.url",
          "relay.trigger-service.url");

  private final URI url;
  private final Process process;

  private SecondReplica(URI url, Process process) {
    this.url = url;
    this.process = process;
  }

  static SecondReplica start(Map<String, String> settings) {
    int port = FreePorts.next();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.add("-Dquarkus-internal-test.serialized-app-model.path=" + MODEL.toAbsolutePath());
    command.add("-Dquarkus.http.port=" + port);
    command.add("-Dquarkus.http.test-port=" + port);
    SHARED.forEach(
        name ->
            command.add(
                "-D" + name + "=" + ConfigProvider.getConfig().getValue(name, String.class)));
    settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ReplicaProcess.class.getName());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Path.of("target", "second-replica.log").toFile())
              .start();
      URI url = URI.create("http://127.0.0.1:" + port + "/");
      SecondReplica replica = new SecondReplica(url, process);
      await("the second replica").atMost(START_LIMIT).until(replica::isReady);
      return replica;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return url;
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new IllegalStateException("it has ended, see target/second-replica.log");
    }
    try {
      HttpURLConnection health =
          (HttpURLConnection) url.resolve("/q/health/ready").toURL().openConnection();
      return health.getResponseCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  void stop() {
    process.destroy();
  }
}
