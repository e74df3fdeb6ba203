package dev.agentrelay.auth.outbox;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Says written events on Kafka: right after their commit, and again until Kafka took them. Each is
 * said at least once; hearing it twice does no harm.
 */
@ApplicationScoped
public class OutboxPublisher {
  private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);
  private static final int BATCH = 100;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(6);

  private final Outbox outbox;
  private final MutinyEmitter<String> kafka;

  /** Threads that inherit nothing, least of all the transaction that is just being committed. */
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /** How often somebody asked since the rounds under way began; one thread at most goes round. */
  private final AtomicInteger asked = new AtomicInteger();

  OutboxPublisher(Outbox outbox, @Channel("events") MutinyEmitter<String> kafka) {
    this.outbox = outbox;
    this.kafka = kafka;
  }

  void afterCommit(@Observes(during = TransactionPhase.AFTER_SUCCESS) Outbox.Written written) {
    executor.execute(this::publish);
  }

  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void publish() {
    if (asked.getAndIncrement() > 0) {
      return;
    }
    int answered = 1;
    do {
      publishAll();
      answered = asked.addAndGet(-answered);
    } while (answered > 0);
  }

  @PreDestroy
  void close() {
    executor.close();
  }

  private void publishAll() {
    try {
      while (QuarkusTransaction.requiringNew().call(this::publishBatch) == BATCH) {
        // There may be more.
      }
    } catch (RuntimeException failure) {
      LOG.warnf("events wait to be published: %s", failure);
    }
  }

  private int publishBatch() {
    List<OutboxEvent> batch = outbox.oldest(BATCH);
    for (OutboxEvent event : batch) {
      kafka.sendMessage(message(event)).await().atMost(LONGEST_WAIT);
      outbox.delete(event);
    }
    return batch.size();
  }

  private static Message<String> message(OutboxEvent event) {
    return Message.of(event.body)
        .addMetadata(
            OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(event.topic)
                .withKey(event.key)
                .build());
  }
}
