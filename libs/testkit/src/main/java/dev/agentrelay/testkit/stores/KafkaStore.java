package dev.agentrelay.testkit.stores;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A Kafka broker that is its own controller, in a JVM of its own. */
public final class KafkaStore implements Store {
  private final StoreProcess process;
  private final int port;

  private KafkaStore(StoreProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a broker whose files lie in {@code dataFolder}. Topics appear on first use. */
  public static KafkaStore start(Path dataFolder, int port) {
    return start(dataFolder, port, List.of());
  }

  /**
   * Starts a broker.
   *
   * @param jvmOptions more options for its JVM
   * @throws StoreException when it cannot be started
   */
  public static KafkaStore start(Path dataFolder, int port, List<String> jvmOptions) {
    Path settings = dataFolder.resolve("kafka.properties");
    Path ready = dataFolder.resolve("ready");
    try {
      Files.createDirectories(dataFolder);
      Files.deleteIfExists(ready);
      try (Writer writer = Files.newBufferedWriter(settings)) {
        settings(dataFolder, port).store(writer, null);
      }
    } catch (IOException failure) {
      throw new StoreException("Kafka cannot use " + dataFolder + ": " + failure, failure);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(KafkaBroker.class.getName(), settings.toString(), ready.toString()));
    StoreProcess process = StoreProcess.start("Kafka", command, dataFolder.resolve("kafka.log"));
    process.awaitReady(() -> Files.exists(ready));
    return new KafkaStore(process, port);
  }

  /** The bootstrap servers. */
  @Override
  public String url() {
    return "127.0.0.1:" + port;
  }

  @Override
  public ProcessHandle process() {
    return process.handle();
  }

  @Override
  public void close() {
    process.stop();
  }

  private static Properties settings(Path dataFolder, int port) {
    int controller = FreePorts.next();
    Properties settings = new Properties();
    settings.setProperty("process.roles", "broker,controller");
    settings.setProperty("node.id", "1");
    settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
    settings.setProperty("controller.listener.names", "CONTROLLER");
    settings.setProperty(
        "listeners", "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
    settings.setProperty("advertised.listeners", "CLIENTS://127.0.0.1:" + port);
    settings.setProperty("inter.broker.listener.name", "CLIENTS");
    settings.setProperty(
        "listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.setProperty("log.dirs", dataFolder.resolve("logs").toAbsolutePath().toString());
    settings.setProperty("auto.create.topics.enable", "true");
    settings.setProperty("num.partitions", "6");
    // One broker: nothing can be replicated, nobody needs to be waited for.
    settings.setProperty("offsets.topic.replication.factor", "1");
    settings.setProperty("offsets.topic.num.partitions", "4");
    settings.setProperty("transaction.state.log.replication.factor", "1");
    settings.setProperty("transaction.state.log.min.isr", "1");
    settings.setProperty("transaction.state.log.num.partitions", "4");
    settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
    settings.setProperty("share.coordinator.state.topic.min.isr", "1");
    settings.setProperty("group.initial.rebalance.delay.ms", "0");
    // A command may carry a trigger of 1 MiB, escaped.
    settings.setProperty("message.max.bytes", Integer.toString(4 << 20));
    // Small buffers: the defaults are for servers and alone would fill this heap.
    settings.setProperty("log.segment.bytes", Integer.toString(16 << 20));
    settings.setProperty("log.index.size.max.bytes", Integer.toString(1 << 20));
    settings.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    settings.setProperty("num.network.threads", "2");
    settings.setProperty("num.io.threads", "2");
    return settings;
  }
}
