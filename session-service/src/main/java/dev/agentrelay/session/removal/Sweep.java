package dev.agentrelay.session.removal;

import dev.agentrelay.session.SessionConfig;
import dev.agentrelay.session.events.EventTrim;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.sweep.ClusterLock;
import dev.agentrelay.session.sweep.ClusterLock.Task;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
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
  private final EventTrim events;
  private final SessionConfig config;
  private final ClusterLock lock;

  Sweep(
      SessionIndex index,
      Removal removal,
      Retention retention,
      EventTrim events,
      SessionConfig config,
      ClusterLock lock) {
    this.index = index;
    this.removal = removal;
    this.retention = retention;
    this.events = events;
    this.config = config;
    this.lock = lock;
  }

  /** Sweeps until nothing is left over, except what another replica is at. */
  @Scheduled(
      every = "${relay.session.sweep.every:60s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  public void run() {
    Instant now = Instant.now();
    Instant outlived = now.minus(config.sweep().newsOutlived());
    lock.repeat(Task.EXPIRED_SESSIONS, () -> removeExpired(now.minus(config.sweep().grace())));
    lock.repeat(Task.OVERDUE_SESSIONS, this::removeOverdue);
    lock.repeat(Task.OLD_EVENTS, () -> events.trimOlderThan(now.minus(config.events().age())));
    lock.repeat(Task.EXCESS_EVENTS, () -> events.trimTo(config.events().most()));
    lock.repeat(
        Task.OUTLIVED_NEWS,
        () -> {
          index.forgetDeletedBefore(outlived);
          events.forgetLogsBefore(outlived);
          return false;
        });
  }

  private boolean removeExpired(Instant before) {
    List<String> expired = index.expiredBefore(before);
    removal.remove(expired);
    return told("expired", expired);
  }

  private boolean removeOverdue() {
    List<String> overdue = retention.overdue();
    removal.removeForGood(overdue);
    return told("overdue", overdue);
  }

  private static boolean told(String kind, List<String> sessions) {
    if (!sessions.isEmpty()) {
      LOG.infof("removed %d %s sessions", sessions.size(), kind);
    }
    return !sessions.isEmpty();
  }
}
