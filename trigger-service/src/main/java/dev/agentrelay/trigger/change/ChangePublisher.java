package dev.agentrelay.trigger.change;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;

/**
 * Says written changes on Kafka, in order: right after their commit, and again until Kafka took
 * them. Each is said at least once.
 */
@ApplicationScoped
public class ChangePublisher {
  private static final Logger LOG = Logger.getLogger(ChangePublisher.class);
  private static final int BATCH = 100;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(6);

  private final Changes changes;
  private final MutinyEmitter<Record<String, String>> kafka;

  /** Threads that inherit nothing, least of all the transaction that is just being committed. */
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /** Whoever waits for its turn waits without a database connection. */
  private final ReentrantLock turn = new ReentrantLock();

  /** Whether somebody waits already, who will publish whatever is written until its turn comes. */
  private final AtomicBoolean waiting = new AtomicBoolean();

  ChangePublisher(
      Changes changes, @Channel("subscriptions") MutinyEmitter<Record<String, String>> kafka) {
    this.changes = changes;
    this.kafka = kafka;
  }

  void afterCommit(@Observes(during = TransactionPhase.AFTER_SUCCESS) Changes.Written written) {
    if (waiting.compareAndSet(false, true)) {
      executor.execute(this::publish);
    }
  }

  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void publish() {
    turn.lock();
    try {
      waiting.set(false);
      while (QuarkusTransaction.requiringNew().call(this::publishBatch) == BATCH) {
        // There may be more.
      }
    } catch (RuntimeException failure) {
      LOG.warnf("changes of subscriptions wait to be published: %s", failure);
    } finally {
      turn.unlock();
    }
  }

  @PreDestroy
  void close() {
    executor.close();
  }

  /** Sent one behind the other without waiting in between; Kafka keeps their order. */
  private int publishBatch() {
    List<PendingChange> batch = changes.oldest(BATCH);
    if (!batch.isEmpty()) {
      Uni.join()
          .all(
              batch.stream()
                  .map(pending -> kafka.send(Record.of(pending.runnerId, pending.change)))
                  .toList())
          .andFailFast()
          .await()
          .atMost(LONGEST_WAIT);
      batch.forEach(changes::delete);
    }
    return batch.size();
  }
}
