package dev.agentrelay.testkit.stores;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Gives a Quarkus test the stores it names, and a fresh database each time:
 *
 * <pre>{@code
 * @QuarkusTestResource(
 *     value = StoresTestResource.class,
 *     initArgs = @ResourceArg(name = "stores", value = "postgres,kafka"))
 * }</pre>
 *
 * <p>Names are {@code postgres}, {@code redis} and {@code kafka}; without the argument all three
 * are started. The stores are those of {@link SharedStores}.
 */
public final class StoresTestResource implements QuarkusTestResourceLifecycleManager {

  private enum Kind {
    POSTGRES {
      @Override
      Map<String, String> start() {
        String server = SharedStores.postgresUrl();
        String database = "test_" + UUID.randomUUID().toString().substring(0, 8);
        PostgresStore.createDatabase(server, "", database);
        return Map.of(
            "quarkus.datasource.jdbc.url",
            server.substring(0, server.lastIndexOf('/') + 1) + database,
            "quarkus.datasource.username",
            PostgresStore.USERNAME,
            "quarkus.datasource.password",
            "");
      }
    },
    REDIS {
      @Override
      Map<String, String> start() {
        return Map.of("quarkus.redis.hosts", SharedStores.redisUrl());
      }
    },
    KAFKA {
      @Override
      Map<String, String> start() {
        return Map.of("kafka.bootstrap.servers", SharedStores.kafkaServers());
      }
    };

    abstract Map<String, String> start();
  }

  private Set<Kind> wanted = Set.of(Kind.values());

  @Override
  public void init(Map<String, String> arguments) {
    String names = arguments.get("stores");
    if (names != null) {
      wanted =
          Arrays.stream(names.split(","))
              .map(name -> Kind.valueOf(name.trim().toUpperCase(Locale.ROOT)))
              .collect(Collectors.toUnmodifiableSet());
    }
  }

  @Override
  public Map<String, String> start() {
    List<CompletableFuture<Map<String, String>>> starting =
        wanted.stream().map(kind -> CompletableFuture.supplyAsync(kind::start)).toList();
    Map<String, String> settings = new HashMap<>();
    starting.forEach(store -> settings.putAll(store.join()));
    return settings;
  }

  /** The stores stay for the next test class of this JVM. */
  @Override
  public void stop() {}
}
