package dev.agentrelay.session.removal;

import dev.agentrelay.session.SessionConfig;
import dev.agentrelay.session.events.EventLog;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.sweep.ClusterLock;
import dev.agentrelay.session.sweep.ClusterLock.Task;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/** Removes expired sessions, and what the operator's retention no longer allows. */
@ApplicationScoped
public class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);

  private final SessionIndex index;
  private final Removal removal;
  private final Retention retention;
  private final EventLog events;
  private final SessionConfig config;
  private final ClusterLock lock;

  Sweep(
      SessionIndex index,
      Removal removal,
      Retention retention,
      EventLog events,
      SessionConfig config,
      ClusterLock lock) {
    this.index = index;
    this.removal = removal;
    this.retention = retention;
    this.events = events;
    this.config = config;
    this.lock = lock;
  }

  /** Sweeps once; does nothing while another replica is at it. */
  @Scheduled(
      every = "${relay.session.sweep.every:60s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  @Transactional
  public void run() {
    if (lock.take(Task.EXPIRED_SESSIONS)) {
      Instant now = Instant.now();
      remove("expired", index.expiredBefore(now.minus(config.sweep().grace())));
      remove("overdue", retention.overdue());
      index.forgetDeletedBefore(now.minus(config.sweep().newsOutlived()));
      events.trim(now.minus(config.events().age()), config.events().most());
      events.forgetLogsBefore(now.minus(config.sweep().newsOutlived()));
    }
  }

  private void remove(String kind, List<String> sessions) {
    removal.remove(sessions);
    if (!sessions.isEmpty()) {
      LOG.infof("removed %d %s sessions", sessions.size(), kind);
    }
  }
}
