package dev.agentrelay.auth.credential;

import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * When keys were last used, gathered for some seconds and then written at once: a key costs no
 * write for each request. Uses of the last seconds are lost with a process that crashes.
 */
@ApplicationScoped
class KeyUses {
  private static final Logger LOG = Logger.getLogger(KeyUses.class);
  private static final int MOST_KEYS = 10_000;

  private final EntityManager database;
  private final Map<String, Instant> noted = new ConcurrentHashMap<>();

  KeyUses(EntityManager database, RelayMetrics metrics) {
    this.database = database;
    metrics.bound(Bound.KEY_USES, noted::size, MOST_KEYS);
  }

  void note(String keyId, Instant at) {
    if (noted.size() < MOST_KEYS || noted.containsKey(keyId)) {
      noted.put(keyId, at);
    }
  }

  @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void writeNowAndThen() {
    try {
      write();
    } catch (RuntimeException failure) {
      LOG.warnf("when keys were last used waits to be written: %s", failure);
    }
  }

  /** Writes what was noted, in a transaction of its own. */
  void write() {
    // Sorted, so that two replicas lock rows in the same order.
    Map<String, Instant> batch = new TreeMap<>(noted);
    if (!batch.isEmpty()) {
      QuarkusTransaction.requiringNew().run(() -> batch.forEach(this::write));
      batch.forEach(noted::remove);
    }
  }

  private void write(String keyId, Instant at) {
    database
        .createQuery(
            "UPDATE StoredKey SET lastRequest = :at, updatedAt = :at"
                + " WHERE id = :id AND (lastRequest IS NULL OR lastRequest < :at)")
        .setParameter("at", at)
        .setParameter("id", keyId)
        .executeUpdate();
  }
}
