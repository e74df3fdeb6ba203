package dev.agentrelay.webhook.dispatch;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;

/** Finds what no event told of: deliveries left behind by a dead replica, runners back unheard. */
@ApplicationScoped
class QueueSweep {
  private final OfflineQueue queue;

  QueueSweep(OfflineQueue queue) {
    this.queue = queue;
  }

  @Scheduled(
      every = "${relay.webhook.queue.sweep-every:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void run() {
    queue.lookAround();
  }
}
