package dev.agentrelay.platform.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.CommandAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads every answer to this service from now on, on a thread of its own. It takes the partitions
 * without a group, so nothing is ever rebalanced and nothing committed.
 */
final class AnswerReader {
  private static final Logger LOG = Logger.getLogger(AnswerReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration KAFKA_ANSWERS_WITHIN = Duration.ofSeconds(5);
  private static final Duration BEFORE_RETRY = Duration.ofMillis(500);

  private final Map<String, Object> settings;
  private final String topic;
  private final ObjectMapper json;
  private final Consumer<CommandAnswer> listener;
  private final CompletableFuture<Void> reading = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

  AnswerReader(
      Map<String, Object> kafka,
      String topic,
      ObjectMapper json,
      Consumer<CommandAnswer> listener) {
    this.topic = topic;
    this.json = json;
    this.listener = listener;
    settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, topic);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    settings.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) KAFKA_ANSWERS_WITHIN.toMillis());
  }

  void start() {
    Thread.ofPlatform().daemon().name("gateway-answers").start(this::run);
  }

  /**
   * Completes once no answer from now on is missed; fails when Kafka stays away for {@code wait}.
   */
  CompletableFuture<Void> whenReading(Duration wait) {
    return reading.isDone()
        ? reading
        : reading.copy().orTimeout(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    while (closed.getCount() > 0) {
      try (KafkaConsumer<String, byte[]> opened = new KafkaConsumer<>(settings)) {
        consumer = opened;
        read(opened);
      } catch (WakeupException closing) {
        return;
      } catch (KafkaException failure) {
        LOG.warnf("Answers of the gateways cannot be read just now: %s", failure.getMessage());
        if (pause()) {
          return;
        }
      }
    }
  }

  private void read(KafkaConsumer<String, byte[]> from) {
    List<TopicPartition> partitions =
        from.partitionsFor(topic).stream()
            .map(each -> new TopicPartition(each.topic(), each.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException("the topic " + topic + " has no partitions yet");
    }
    from.assign(partitions);
    from.seekToEnd(partitions);
    // settles where reading begins, before the first command is sent
    partitions.forEach(from::position);
    reading.complete(null);
    while (closed.getCount() > 0) {
      for (ConsumerRecord<String, byte[]> record : from.poll(POLL)) {
        take(record.value());
      }
    }
  }

  private void take(byte[] value) {
    try {
      listener.accept(json.readValue(value, CommandAnswer.class));
    } catch (IOException unreadable) {
      LOG.warnf("An answer of a gateway cannot be read: %s", unreadable.getMessage());
    }
  }

  /** Whether the reader was closed meanwhile. */
  private boolean pause() {
    try {
      return closed.await(BEFORE_RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  void close() {
    closed.countDown();
    KafkaConsumer<String, byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
  }
}
