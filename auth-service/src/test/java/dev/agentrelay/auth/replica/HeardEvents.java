package dev.agentrelay.auth.replica;

import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Hears one topic from now on, as the other services do. */
final class HeardEvents implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration TURN = Duration.ofMillis(20);

  private final KafkaConsumer<String, String> consumer;

  private HeardEvents(KafkaConsumer<String, String> consumer) {
    this.consumer = consumer;
  }

  static HeardEvents of(String servers, String topic) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "client.id", UUID.randomUUID().toString()),
            new StringDeserializer(),
            new StringDeserializer());
    // a topic that nobody has used yet is made by being asked for, which takes a moment
    List<TopicPartition> partitions =
        await()
            .pollInSameThread()
            .atMost(LIMIT)
            .until(() -> consumer.partitionsFor(topic), found -> !found.isEmpty())
            .stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return new HeardEvents(consumer);
  }

  /** That member of every event up to the one that contains this text. */
  List<String> until(String text, String member) {
    Instant late = Instant.now().plus(LIMIT);
    List<String> heard = new ArrayList<>();
    while (Instant.now().isBefore(late)) {
      for (ConsumerRecord<String, String> event : consumer.poll(TURN)) {
        heard.add(JsonPath.from(event.value()).getString(member));
        if (event.value().contains(text)) {
          return heard;
        }
      }
    }
    throw new AssertionError("heard only " + heard);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
