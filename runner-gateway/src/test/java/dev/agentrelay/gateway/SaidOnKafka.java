package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.agentrelay.platform.json.RelayJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What the gateway has said of one session to the other services. */
final class SaidOnKafka {
  private SaidOnKafka() {}

  /** All of it on one topic in order, once there is so much. */
  static <T> List<T> read(String kafka, String topic, String session, int count, Class<T> type) {
    List<T> said = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka,
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      // a Kafka that was just started takes its time for a new group
      Instant end = Instant.now().plus(GatewayTest.LIMIT.multipliedBy(3));
      while (said.size() < count && Instant.now().isBefore(end)) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
          if (session.equals(each.key())) {
            said.add(RelayJson.mapper().readValue(each.value(), type));
          }
        }
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    assertThat(said).hasSize(count);
    return said;
  }
}
