package dev.agentrelay.platform.metric;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.apache.kafka.common.Metric;

/** Shows how far behind each channel of this service is. */
@Singleton
class ConsumerLag {
  private final KafkaClientService clients;
  private final RelayMetrics metrics;

  ConsumerLag(KafkaClientService clients, RelayMetrics metrics) {
    this.clients = clients;
    this.metrics = metrics;
  }

  void show(@Observes StartupEvent started) {
    for (String channel : clients.getConsumerChannels()) {
      KafkaConsumer<?, ?> consumer = clients.getConsumer(channel);
      if (consumer != null) {
        metrics.gauge(
            dev.agentrelay.platform.metric.Metric.CONSUMER_LAG, () -> lag(consumer), channel);
      }
    }
  }

  /** The client knows it of each partition from its last fetch. */
  private static long lag(KafkaConsumer<?, ?> consumer) {
    return consumer.unwrap().metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("records-lag"))
        .map(Metric::metricValue)
        .mapToLong(lag -> lag instanceof Double number ? number.longValue() : 0)
        .sum();
  }
}
