package dev.agentrelay.testkit.stores;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Gives one test class stores that it may kill, in place of the shared ones:
 *
 * <pre>{@code
 * @QuarkusTestResource(
 *     value = OwnStores.class,
 *     initArgs = @ResourceArg(name = "stores", value = "redis,postgres"),
 *     restrictToAnnotatedClass = true)
 * }</pre>
 *
 * <p>Names are those of {@link StoresTestResource}.
 */
public final class OwnStores implements QuarkusTestResourceLifecycleManager {
  private static final String PREFIX = "own-stores.";
  private static final int DIES_WITHIN_SECONDS = 10;
  private static final String STARTED_AGAIN = "started-again.pid";

  /** Kept, because a broker ends with the pipe from its parent. */
  private static final List<Store> RUNNING_AGAIN = new CopyOnWriteArrayList<>();

  private final List<Store> stores = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();
  private List<String> wanted = List.of();

  @Override
  public void init(Map<String, String> arguments) {
    wanted = List.of(arguments.getOrDefault("stores", "").split(","));
  }

  /** After the shared stores, so that these settings win. */
  @Override
  public int order() {
    return 1;
  }

  @Override
  public Map<String, String> start() {
    Map<String, String> settings = new HashMap<>();
    for (String name : wanted) {
      Path folder = TemporaryFolders.create(name);
      int port = FreePorts.next();
      Store store = open(name, folder, port);
      folders.add(folder);
      stores.add(store);
      settings.putAll(settings(name, store.url()));
      settings.put(PREFIX + name + ".process", String.valueOf(store.process().pid()));
      settings.put(PREFIX + name + ".folder", folder.toString());
      settings.put(PREFIX + name + ".port", String.valueOf(port));
    }
    return settings;
  }

  @Override
  public void stop() {
    stores.forEach(Store::close);
    folders.forEach(OwnStores::endStartedAgain);
    folders.forEach(TemporaryFolders::delete);
  }

  /** Kills a store of the running test class. */
  public static void kill(String name) {
    long process =
        startedAgain(Path.of(setting(name, "folder", String.class)))
            .orElseGet(() -> setting(name, "process", Long.class));
    kill(
        ProcessHandle.of(process)
            .orElseThrow(() -> new IllegalStateException(name + " is dead already")));
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().orTimeout(DIES_WITHIN_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Has a store of the running test class say nothing more; its connections stay. */
  public static void silence(String name) {
    long process = setting(name, "process", Long.class);
    try {
      int status = new ProcessBuilder("kill", "-STOP", Long.toString(process)).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException(name + " could not be stopped: " + status);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /**
   * Starts a killed store again, with its data and where it was. It ends with the others, when the
   * service has ended that still talks to it.
   */
  public static void startAgain(String name) {
    Path folder = Path.of(setting(name, "folder", String.class));
    Store store = open(name, folder, setting(name, "port", Integer.class));
    RUNNING_AGAIN.add(store);
    try {
      // the one that stops them may be this class in another class loader
      Files.writeString(folder.resolve(STARTED_AGAIN), String.valueOf(store.process().pid()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void endStartedAgain(Path folder) {
    startedAgain(folder).flatMap(ProcessHandle::of).ifPresent(OwnStores::kill);
  }

  /** The process of a store that was started again. */
  private static Optional<Long> startedAgain(Path folder) {
    Path started = folder.resolve(STARTED_AGAIN);
    try {
      return Files.exists(started)
          ? Optional.of(Long.parseLong(Files.readString(started)))
          : Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static <T> T setting(String name, String what, Class<T> type) {
    Config config = ConfigProvider.getConfig();
    return config.getValue(PREFIX + name + "." + what, type);
  }

  private static Store open(String name, Path folder, int port) {
    return switch (name) {
      case "postgres" -> PostgresStore.start(folder, port);
      case "redis" -> RedisStore.start(folder, port);
      case "kafka" -> KafkaStore.start(folder, port);
      default -> throw new IllegalArgumentException("no store is called " + name);
    };
  }

  private static Map<String, String> settings(String name, String url) {
    return switch (name) {
      case "postgres" ->
          Map.of(
              "quarkus.datasource.jdbc.url",
              url,
              "quarkus.datasource.username",
              PostgresStore.USERNAME,
              "quarkus.datasource.password",
              "");
      case "redis" -> Map.of("quarkus.redis.hosts", url);
      default -> Map.of("kafka.bootstrap.servers", url);
    };
  }
}
