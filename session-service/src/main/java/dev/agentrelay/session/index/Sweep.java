package dev.agentrelay.session.index;

import dev.agentrelay.session.SessionConfig;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Deletes the rows of expired sessions. One replica of the cluster does it at a time. */
@ApplicationScoped
public class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);

  /** Any number that no other advisory lock of this database uses. */
  public static final long LOCK = 7_503_001;

  private final SessionIndex index;
  private final SessionConfig config;

  Sweep(SessionIndex index, SessionConfig config) {
    this.index = index;
    this.config = config;
  }

  /** Sweeps once; does nothing while another replica is at it. */
  @Scheduled(
      every = "${relay.session.sweep.every:60s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  @Transactional
  public void run() {
    if (!isOurs()) {
      return;
    }
    Instant expiredBefore = Instant.now().minus(config.sweep().grace());
    long deleted = index.delete("pinned = false and expiresAt < ?1", expiredBefore);
    if (deleted > 0) {
      LOG.infof("deleted %d expired sessions", deleted);
    }
  }

  /** Holds the lock until the transaction ends. */
  private boolean isOurs() {
    return Boolean.TRUE.equals(
        index
            .getEntityManager()
            .createNativeQuery("select pg_try_advisory_xact_lock(:lock)", Boolean.class)
            .setParameter("lock", LOCK)
            .getSingleResult());
  }
}
