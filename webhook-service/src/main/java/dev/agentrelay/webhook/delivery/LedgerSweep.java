package dev.agentrelay.webhook.delivery;

import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.webhook.WebhookConfig;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;

/**
 * Deletes what the ledger need not keep any longer. One replica of the cluster does it at a time.
 */
@ApplicationScoped
public class LedgerSweep {
  /** Any number that no other advisory lock of this database uses. */
  static final long LOCK = 7_505_001;

  private final EntityManager database;
  private final WebhookConfig config;
  private final SharedClock clock;

  LedgerSweep(Deliveries deliveries, WebhookConfig config, SharedClock clock) {
    this.database = deliveries.getEntityManager();
    this.config = config;
    this.clock = clock;
  }

  /** Sweeps once; does nothing while another replica is at it. */
  @Scheduled(
      every = "${relay.webhook.ledger.sweep-every:10m}",
      concurrentExecution = ConcurrentExecution.SKIP)
  @Transactional
  public void run() {
    if (!isOurs()) {
      return;
    }
    Instant now = clock.instant();
    delete("delete from webhook.sender_ids where expires_at <= :before", now);
    delete(
        "delete from webhook.bodies b where b.received_at <= :before and not exists"
            + " (select 1 from webhook.deliveries d"
            + " where d.id = b.delivery_id and d.finished_at is null)",
        now.minus(config.ledger().bodyLife()));
    delete(
        "delete from webhook.deliveries where received_at <= :before and finished_at is not null",
        now.minus(config.ledger().life()));
  }

  private void delete(String statement, Instant before) {
    database.createNativeQuery(statement).setParameter("before", before).executeUpdate();
  }

  /** Holds the lock until the transaction ends. */
  private boolean isOurs() {
    return Boolean.TRUE.equals(
        database
            .createNativeQuery("select pg_try_advisory_xact_lock(:lock)", Boolean.class)
            .setParameter("lock", LOCK)
            .getSingleResult());
  }
}
