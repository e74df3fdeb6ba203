package dev.agentrelay.trigger;

import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.gateway.TopicEnd;
import java.time.Duration;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;

/** Everything said on a topic from now on. */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** What was said, and under which key. */
  public record Said(String key, String value) {}

  private final KafkaConsumer<String, String> consumer;
  private final Inbox<Said> said = new Inbox<>();

  public TopicReader(String kafkaServers, String topic) {
    consumer = TopicEnd.open(kafkaServers, topic);
    Thread.ofPlatform().daemon().start(this::run);
  }

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
