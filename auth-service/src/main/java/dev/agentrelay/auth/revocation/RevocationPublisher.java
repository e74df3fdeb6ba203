package dev.agentrelay.auth.revocation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.auth.revocation.Revocations.Written;
import dev.agentrelay.contracts.CredentialRevoked;
import dev.agentrelay.contracts.UserId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;

/**
 * Says written revocations on Kafka: right after their commit, and again until Kafka took them.
 * Each is said at least once; hearing it twice does no harm.
 */
@ApplicationScoped
public class RevocationPublisher {
  private static final Logger LOG = Logger.getLogger(RevocationPublisher.class);
  private static final int BATCH = 100;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(6);

  private final Revocations revocations;
  private final MutinyEmitter<Record<String, String>> kafka;
  private final ObjectMapper json;
  private final ExecutorService executor;

  RevocationPublisher(
      Revocations revocations,
      @Channel("revocations") MutinyEmitter<Record<String, String>> kafka,
      ObjectMapper json,
      @VirtualThreads ExecutorService executor) {
    this.revocations = revocations;
    this.kafka = kafka;
    this.json = json;
    this.executor = executor;
  }

  void afterCommit(@Observes(during = TransactionPhase.AFTER_SUCCESS) Written written) {
    executor.execute(this::publish);
  }

  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void publish() {
    try {
      while (QuarkusTransaction.requiringNew().call(this::publishBatch) == BATCH) {
        // There may be more.
      }
    } catch (RuntimeException failure) {
      LOG.warnf("revocations wait to be published: %s", failure);
    }
  }

  private int publishBatch() {
    List<PendingRevocation> batch = revocations.oldest(BATCH);
    for (PendingRevocation pending : batch) {
      kafka.send(Record.of(pending.accountId, text(pending))).await().atMost(LONGEST_WAIT);
      revocations.delete(pending);
    }
    return batch.size();
  }

  private String text(PendingRevocation pending) {
    try {
      return json.writeValueAsString(
          new CredentialRevoked(new UserId(pending.accountId), pending.credentialHash, pending.at));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a revocation is always JSON", e);
    }
  }
}
