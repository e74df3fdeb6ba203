package dev.agentrelay.benchmarks.suite;

import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.FreePorts;
import dev.agentrelay.testkit.stores.KafkaStore;
import dev.agentrelay.testkit.stores.PostgresStore;
import dev.agentrelay.testkit.stores.RedisStore;
import dev.agentrelay.testkit.stores.TemporaryFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Real stores, and as many replicas of services as a scenario asks for. Identities come from the
 * tests' stand-in for auth-service: a gateway asks once per credential, before anything is
 * measured.
 */
public final class Suite implements AutoCloseable {
  private final Path home;
  private final Path folder;
  private final @Nullable Path recordings;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final TestingIdentities identities;
  private final RedisStore redis;
  private final KafkaStore kafka;
  private final PostgresStore postgres;
  private final Map<String, Integer> addressed = new ConcurrentHashMap<>();
  private final Map<String, String> shared = new HashMap<>();

  /**
   * Starts the stores.
   *
   * @param home the folder of the whole project, built
   * @param recordings where each service leaves a flight recording, if anywhere
   */
  public Suite(Path home, @Nullable Path recordings) {
    this.home = home;
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
    Path data = folder.resolve("data"); // gigabytes, of which only the logs beside it are of use
    started(() -> TemporaryFolders.delete(data));
    this.identities = started(TestingIdentities.start());
    this.redis = started(RedisStore.start(data.resolve("redis"), FreePorts.next()));
    this.kafka = started(KafkaStore.start(data.resolve("kafka"), FreePorts.next()));
    this.postgres = started(PostgresStore.start(data.resolve("postgres"), FreePorts.next()));
    shared.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    shared.put("QUARKUS_DATASOURCE_JDBC_URL", postgres.url());
    shared.put("QUARKUS_DATASOURCE_USERNAME", PostgresStore.USERNAME);
    shared.put("QUARKUS_DATASOURCE_PASSWORD", postgres.password());
    shared.put("QUARKUS_REDIS_HOSTS", redis.url());
    shared.put("KAFKA_BOOTSTRAP_SERVERS", kafka.url());
    shared.put("RELAY_AUTH_URL", identities.url());
    shared.put("RELAY_SESSION_SERVICE_URL", "http://127.0.0.1:" + port("session-service"));
    shared.put("RELAY_TRIGGER_SERVICE_URL", "http://127.0.0.1:" + port("trigger-service"));
    shared.put("RELAY_BLOB_FOLDER", data.resolve("attachments").toString());
    shared.put("RELAY_AUTH_SECRET", "the-secret-of-a-benchmark-and-nothing-else");
    shared.put("RELAY_INTERNAL_SECRET", TestingIdentities.INTERNAL_SECRET);
  }

  private int port(String module) {
    return addressed.computeIfAbsent(module, service -> FreePorts.next());
  }

  /**
   * Starts a gateway.
   *
   * @param name unique; also its replica id and the name of its log
   */
  public Replica startGateway(String name) {
    return start("runner-gateway", name, Map.of());
  }

  /**
   * Starts one replica of a service.
   *
   * @param module its folder; one that other services must find has one replica at a time
   * @param name unique; also its replica id and the name of its log
   * @param special settings of its own
   */
  public Replica start(String module, String name, Map<String, String> special) {
    Integer known = addressed.get(module);
    int port = known == null ? FreePorts.next() : known;
    int managementPort = FreePorts.next();
    Map<String, String> settings = new HashMap<>(shared);
    settings.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    settings.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
    settings.put("RELAY_REPLICA_ID", name);
    settings.put("RELAY_REPLICA_ADDRESS", "127.0.0.1:" + port);
    settings.putAll(special);
    Path jar = home.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    Path recording = recordings == null ? null : recordings.resolve(name + ".jfr");
    return started(
        Replica.start(
            jar, port, managementPort, settings, folder.resolve(name + ".log"), recording));
  }

  /** The stores' Postgres, for what no client could bring about in time. */
  public PostgresStore postgres() {
    return postgres;
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
