package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.LauncherException;
import dev.agentrelay.local.data.Ports;
import dev.agentrelay.local.data.Secrets;
import dev.agentrelay.local.supervisor.Child;
import dev.agentrelay.local.supervisor.Console;
import dev.agentrelay.local.supervisor.ServiceProcess;
import dev.agentrelay.local.supervisor.Supervisor;
import dev.agentrelay.testkit.stores.FreePorts;
import dev.agentrelay.testkit.stores.KafkaStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Runs each program once against throwaway stores, so that the JDK writes down what it loaded and
 * later starts take half the time. Part of the build.
 */
public final class Training {
  /** The JDK writes the cache after the program has ended, before the process does. */
  private static final Duration WRITING = Duration.ofSeconds(60);

  /** Writing a cache is one thread's work. */
  private static final int AT_ONCE = 2;

  private final Build build;
  private final Console console;

  public Training(Build build, Console console) {
    this.build = build;
    this.console = console;
  }

  /** Trains what has no cache newer than its program. */
  public void run(DataFolder throwaway) {
    if (!StartupCache.needsTraining()) {
      return;
    }
    build.check();
    List<Service> stale =
        Stream.of(Service.values()).filter(each -> !build.cache(each).isFresh()).toList();
    StartupCache kafka = build.kafkaCache();
    if (stale.isEmpty() && kafka.isFresh()) {
      return;
    }
    console.say("Preparing faster starts (once after a build)");
    Secrets secrets = Secrets.of(throwaway);
    Ports ports = new Ports(throwaway);
    Supervisor supervisor = new Supervisor(new Console(System.err), (name, process) -> {});
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::stop));
    StoreStarters stores = new StoreStarters(throwaway, secrets, ports, kafka.use());
    Map<String, Supplier<? extends Child>> starters = stores.starters(Map.of());
    supervisor.start(starters);
    ServiceStarters services =
        new ServiceStarters(
            build, throwaway, secrets, ports, stores.addresses(), Map.of(), each -> 1, 1);
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      services.replicas().stream()
          .filter(replica -> stale.contains(replica.service()))
          .map(
              replica ->
                  CompletableFuture.runAsync(() -> train(services, replica, throwaway), threads))
          .toList()
          .forEach(CompletableFuture::join);
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof LauncherException told ? told : failed;
    }
    supervisor.stop();
    if (!kafka.isFresh()) {
      long began = System.nanoTime();
      trainKafka(throwaway, kafka);
      console.took("kafka", began);
    }
  }

  private static void trainKafka(DataFolder throwaway, StartupCache cache) {
    try (KafkaStore store =
        KafkaStore.start(throwaway.resolve("training"), FreePorts.next(), cache.train())) {
      store.process().destroy();
      store
          .process()
          .onExit()
          .completeOnTimeout(store.process(), WRITING.toSeconds(), TimeUnit.SECONDS)
          .join();
    }
  }

  private void train(ServiceStarters services, Replica replica, DataFolder throwaway) {
    long began = System.nanoTime();
    ServiceProcess process =
        services.start(
            replica, throwaway.log(replica.name()), build.cache(replica.service()).train());
    process.process().destroy();
    if (!process.endsWithin(WRITING.toMillis())) {
      process.stop();
    }
    console.took(replica.name(), began);
  }
}
