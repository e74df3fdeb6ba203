package dev.agentrelay.testkit.gateway;

import dev.agentrelay.testkit.clients.Inbox;
import java.time.Duration;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;

/** Everything said on a topic from now on. Thread-safe. */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** What was said, and under which key. */
  public record Said(String key, String value) {}

  private final KafkaConsumer<String, String> consumer;
  private final Inbox<Said> said = new Inbox<>();

  /** Starts on what is said from now on. */
  public TopicReader(String kafkaServers, String topic) {
    consumer = TopicEnd.open(kafkaServers, topic);
    Thread.ofPlatform().daemon().start(this::run);
  }

  /** What was said so far, and what is still to come. */
  public Inbox<Said> said() {
    return said;
  }

  private void run() {
    try (consumer) {
      while (true) {
        consumer.poll(POLL).forEach(record -> said.add(new Said(record.key(), record.value())));
      }
    } catch (WakeupException closing) {
      // The end that close() asked for.
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
  }
}
