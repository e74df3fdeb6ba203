package dev.agentrelay.webhook.dispatch;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Finds what no event told of: deliveries left behind by a dead replica, runners back unheard. */
@ApplicationScoped
class QueueSweep {
  private static final Logger LOG = Logger.getLogger(QueueSweep.class);

  private final OfflineQueue queue;

  QueueSweep(OfflineQueue queue) {
    this.queue = queue;
  }

  @Scheduled(
      every = "${relay.webhook.queue.sweep-every:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void run() {
    try {
      queue.lookAround();
    } catch (RuntimeException away) {
      LOG.warnf("deliveries that wait cannot be looked for: %s", away);
    }
  }
}
