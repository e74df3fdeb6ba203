package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.LauncherException;
import dev.agentrelay.local.data.Ports;
import dev.agentrelay.local.data.Secrets;
import dev.agentrelay.local.supervisor.Child;
import dev.agentrelay.testkit.stores.KafkaStore;
import dev.agentrelay.testkit.stores.PostgresStore;
import dev.agentrelay.testkit.stores.RedisStore;
import dev.agentrelay.testkit.stores.Store;
import dev.agentrelay.testkit.stores.StoreException;
import dev.agentrelay.testkit.stores.StoreOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How each store is started, unless an environment variable names a real server instead. */
public final class StoreStarters {
  private final DataFolder folder;
  private final Secrets secrets;
  private final Ports ports;
  private final List<String> kafkaOptions;
  private final StoreAddresses addresses = new StoreAddresses();

  public StoreStarters(DataFolder folder, Secrets secrets, Ports ports, Build build) {
    this(folder, secrets, ports, build.kafkaCache().use());
  }

  StoreStarters(DataFolder folder, Secrets secrets, Ports ports, List<String> kafkaOptions) {
    this.folder = folder;
    this.secrets = secrets;
    this.ports = ports;
    this.kafkaOptions = kafkaOptions;
  }

  /** Where the stores are, complete once all starters have returned. */
  public StoreAddresses addresses() {
    return addresses;
  }

  /**
   * The stores to start; those that {@code environment} points elsewhere are left out.
   *
   * @param environment may hold {@code RELAY_POSTGRES_URL}, {@code RELAY_REDIS_URL}, {@code
   *     RELAY_KAFKA_SERVERS}
   */
  public Map<String, Supplier<? extends Child>> starters(Map<String, String> environment) {
    Map<String, Supplier<? extends Child>> starters = new LinkedHashMap<>();
    String postgres = environment.get("RELAY_POSTGRES_URL");
    if (postgres == null) {
      int port = ports.of("postgres");
      starters.put("postgres", () -> postgres(port));
    } else {
      addresses.postgres(postgres);
    }
    String redis = environment.get("RELAY_REDIS_URL");
    if (redis == null) {
      int port = ports.of("redis");
      starters.put("redis", () -> redis(port));
    } else {
      addresses.redis(redis);
    }
    String kafka = environment.get("RELAY_KAFKA_SERVERS");
    if (kafka == null) {
      int port = ports.of("kafka");
      starters.put("kafka", () -> kafka(port));
    } else {
      addresses.kafka(kafka);
    }
    return starters;
  }

  private Child postgres(int port) {
    StoreOptions options = StoreOptions.durable(secrets.get(Secrets.Name.POSTGRES));
    return child(
        () -> {
          PostgresStore store = PostgresStore.start(folder.resolve("postgres"), port, options);
          addresses.postgres(store.url(), PostgresStore.USERNAME, store.password());
          return store;
        });
  }

  private Child redis(int port) {
    StoreOptions options = StoreOptions.durable(secrets.get(Secrets.Name.REDIS));
    return child(
        () -> {
          RedisStore store = RedisStore.start(folder.resolve("redis"), port, options);
          addresses.redis(store.url());
          return store;
        });
  }

  private Child kafka(int port) {
    return child(
        () -> {
          KafkaStore store = KafkaStore.start(folder.resolve("kafka"), port, kafkaOptions);
          addresses.kafka(store.url());
          return store;
        });
  }

  private static Child child(Supplier<Store> start) {
    try {
      Store store = start.get();
      return new Child() {
        @Override
        public ProcessHandle process() {
          return store.process();
        }

        @Override
        public void stop() {
          store.close();
        }
      };
    } catch (StoreException failure) {
      throw new LauncherException(failure.getMessage() + ".", failure);
    }
  }
}
