package dev.agentrelay.benchmarks.suite;

import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.FreePorts;
import dev.agentrelay.testkit.stores.KafkaStore;
import dev.agentrelay.testkit.stores.PostgresStore;
import dev.agentrelay.testkit.stores.RedisStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Real stores, and as many gateways as a scenario asks for. Identities come from the tests'
 * stand-in for auth-service: a gateway asks once per credential, before anything is measured.
 */
public final class Suite implements AutoCloseable {
  private final Path jar;
  private final Path folder;
  private final @Nullable Path recordings;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final TestingIdentities identities;
  private final RedisStore redis;
  private final KafkaStore kafka;
  private final PostgresStore postgres;

  /**
   * Starts the stores.
   *
   * @param home the folder of the whole project, built
   * @param recordings where each gateway leaves a flight recording, if anywhere
   */
  public Suite(Path home, @Nullable Path recordings) {
    this.jar = home.resolve("runner-gateway/target/quarkus-app/quarkus-run.jar");
    this.recordings = recordings;
    try {
      Path parent = Files.createDirectories(home.resolve("benchmarks/target/runs"));
      this.folder = Files.createTempDirectory(parent, "run-");
      if (recordings != null) {
        Files.createDirectories(recordings);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
    this.identities = started(TestingIdentities.start());
    this.redis = started(RedisStore.start(folder.resolve("redis"), FreePorts.next()));
    this.kafka = started(KafkaStore.start(folder.resolve("kafka"), FreePorts.next()));
    this.postgres = started(PostgresStore.start(folder.resolve("postgres"), FreePorts.next()));
  }

  /**
   * Starts a gateway.
   *
   * @param name unique; also its replica id and the name of its log
   */
  public Gateway startGateway(String name) {
    int port = FreePorts.next();
    Map<String, String> settings =
        Map.of(
            "QUARKUS_HTTP_HOST", "127.0.0.1",
            "QUARKUS_HTTP_PORT", Integer.toString(port),
            "QUARKUS_DATASOURCE_JDBC_URL", postgres.url(),
            "QUARKUS_DATASOURCE_USERNAME", PostgresStore.USERNAME,
            "QUARKUS_DATASOURCE_PASSWORD", postgres.password(),
            "QUARKUS_REDIS_HOSTS", redis.url(),
            "KAFKA_BOOTSTRAP_SERVERS", kafka.url(),
            "RELAY_AUTH_URL", identities.url(),
            "RELAY_REPLICA_ID", name,
            "RELAY_REPLICA_ADDRESS", "127.0.0.1:" + port);
    Path recording = recordings == null ? null : recordings.resolve(name + ".jfr");
    return started(Gateway.start(jar, port, settings, folder.resolve(name + ".log"), recording));
  }

  public long redisPid() {
    return redis.process().pid();
  }

  public long kafkaPid() {
    return kafka.process().pid();
  }

  @Override
  public void close() {
    AutoCloseable next = takeLast();
    while (next != null) {
      try {
        next.close();
      } catch (Exception failure) {
        System.err.println("Something could not be stopped: " + failure.getMessage());
      }
      next = takeLast();
    }
  }

  private @Nullable AutoCloseable takeLast() {
    synchronized (running) {
      return running.pollLast();
    }
  }

  private <T extends AutoCloseable> T started(T process) {
    synchronized (running) {
      running.add(process);
    }
    return process;
  }
}
