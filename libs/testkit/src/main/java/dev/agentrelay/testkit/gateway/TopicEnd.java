package dev.agentrelay.testkit.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Opens consumers that hear everything that is said from now on, without a group. */
public final class TopicEnd {
  private static final Duration TOPIC_APPEARS_WITHIN = Duration.ofSeconds(20);

  private TopicEnd() {}

  /** A consumer at the end of a topic, which is made when there is none yet. */
  public static KafkaConsumer<String, String> open(String kafkaServers, String topic) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafkaServers, "fetch.min.bytes", 1),
            new StringDeserializer(),
            new StringDeserializer());
    List<TopicPartition> partitions =
        partitions(consumer, topic).stream()
            .map(each -> new TopicPartition(each.topic(), each.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return consumer;
  }

  /** A topic that is just being made has no partitions for a moment. */
  private static List<PartitionInfo> partitions(
      KafkaConsumer<String, String> consumer, String topic) {
    Instant deadline = Instant.now().plus(TOPIC_APPEARS_WITHIN);
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    while (partitions.isEmpty()) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException("the topic " + topic + " has not appeared");
      }
      partitions = consumer.partitionsFor(topic);
    }
    return partitions;
  }
}
