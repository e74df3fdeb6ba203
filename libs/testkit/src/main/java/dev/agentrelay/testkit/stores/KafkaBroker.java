package dev.agentrelay.testkit.stores;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** The program of the Kafka child process: formats its folder once, then runs until told to end. */
final class KafkaBroker {
  private KafkaBroker() {}

  /**
   * Runs a broker.
   *
   * @param arguments the settings file, and a file to create once the broker serves
   */
  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
      settings.load(in);
    }
    if (!Files.exists(Path.of(settings.getProperty("log.dirs"), "meta.properties"))) {
      format(settings);
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop"));
    endWithParent();
    server.startup();
    Files.createFile(Path.of(arguments[1]));
    server.awaitShutdown();
  }

  private static void format(Properties settings) throws Exception {
    new Formatter()
        .setNodeId(Integer.parseInt(settings.getProperty("node.id")))
        .setClusterId(Uuid.randomUuid().toString())
        .setControllerListenerName(settings.getProperty("controller.listener.names"))
        .addDirectory(settings.getProperty("log.dirs"))
        .setMetadataLogDirectory(settings.getProperty("log.dirs"))
        .run();
  }

  /** Standard input ends when the parent is gone, even when it was killed. */
  private static void endWithParent() {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(
            () -> {
              try (InputStream parent = System.in) {
                while (parent.read() >= 0) {
                  // Nothing is ever sent.
                }
              } catch (IOException gone) {
                // The same as its end.
              }
              System.exit(0);
            });
  }
}
