package dev.agentrelay.trigger.delivery;

import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.delivery.ExpectantSessions.Orphan;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/** Ends sessions that nobody will hand their trigger to. Two replicas at it do no harm. */
@ApplicationScoped
class OrphanSweep {
  private static final Logger LOG = Logger.getLogger(OrphanSweep.class);
  private static final int AT_ONCE = 50;

  private final ExpectantSessions expectant;
  private final ListenerSpawns spawns;
  private final TriggerConfig config;
  private final SharedClock clock;

  OrphanSweep(
      ExpectantSessions expectant, ListenerSpawns spawns, TriggerConfig config, SharedClock clock) {
    this.expectant = expectant;
    this.spawns = spawns;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(
      every = "${relay.trigger.memory.every:60s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void run() {
    Instant before = clock.instant().minus(config.delivery().repeatWithin());
    List<Orphan> orphans = expectant.orphans(before, AT_ONCE);
    Parallel.map(
        orphans,
        AT_ONCE,
        orphan -> {
          try {
            spawns.end(orphan);
          } catch (RelayException unknown) {
            LOG.debugf("session %s is ended later: %s", orphan.session(), unknown);
          }
          return orphan;
        });
  }
}
