package dev.agentrelay.session;

import dev.agentrelay.contracts.EventHeaders;
import dev.agentrelay.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the gateways say of the events of sessions. */
record EventTopic(String kafka) {
  static String json(long epoch, long number) {
    return "{\"type\":\"message_end\",\"n\":\"" + epoch + "." + number + "\"}";
  }

  static ProducerRecord<String, byte[]> event(
      TestSession session, long epoch, long number, Instant at, String json) {
    ProducerRecord<String, byte[]> event =
        new ProducerRecord<>(
            Topics.EVENTS, session.id().value(), json.getBytes(StandardCharsets.UTF_8));
    Map.of(
            EventHeaders.USER, session.user().value(),
            EventHeaders.EPOCH, String.valueOf(epoch),
            EventHeaders.NUMBER, String.valueOf(number),
            EventHeaders.AT, String.valueOf(at.toEpochMilli()))
        .forEach(
            (name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return event;
  }

  void send(List<ProducerRecord<String, byte[]>> events)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new StringSerializer(),
            new ByteArraySerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (ProducerRecord<String, byte[]> event : events) {
        sent.add(producer.send(event));
      }
      for (Future<?> each : sent) {
        each.get();
      }
    }
  }
}
