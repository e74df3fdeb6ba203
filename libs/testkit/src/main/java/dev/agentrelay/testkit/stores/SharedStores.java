package dev.agentrelay.testkit.stores;

import java.nio.file.Path;
import java.util.function.BiFunction;

/**
 * One throwaway set of stores for a whole test JVM. Each starts when it is first asked for and ends
 * with the JVM. Thread-safe.
 *
 * <p>Addresses are kept as system properties, because Quarkus loads this class once for each test
 * profile and a second set would be started otherwise.
 */
public final class SharedStores {
  private static final Object POSTGRES = new Object();
  private static final Object REDIS = new Object();
  private static final Object KAFKA = new Object();

  private SharedStores() {}

  /** JDBC URL of the shared Postgres; user {@link PostgresStore#USERNAME}, no password. */
  public static String postgresUrl() {
    synchronized (POSTGRES) {
      return url("postgres", PostgresStore::start);
    }
  }

  /** URL of the shared Redis. */
  public static String redisUrl() {
    synchronized (REDIS) {
      return url("redis", RedisStore::start);
    }
  }

  /** Bootstrap servers of the shared Kafka. */
  public static String kafkaServers() {
    synchronized (KAFKA) {
      return url("kafka", KafkaStore::start);
    }
  }

  private static String url(String name, BiFunction<Path, Integer, ? extends Store> start) {
    String property = "agent-relay.shared-stores." + name;
    String known = System.getProperty(property);
    if (known != null) {
      return known;
    }
    Path folder = TemporaryFolders.create(name);
    Store store = start.apply(folder, FreePorts.next());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  store.close();
                  TemporaryFolders.delete(folder);
                }));
    System.setProperty(property, store.url());
    return store.url();
  }
}
