package dev.agentrelay.trigger.memory;

import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.delivery.ExpectantSessions;
import dev.agentrelay.trigger.delivery.UnfinishedFires;
import dev.agentrelay.trigger.event.Events;
import dev.agentrelay.trigger.history.History;
import dev.agentrelay.trigger.session.KnownSessions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;

/** Forgets old histories, events and sessions. One replica of the cluster does it at a time. */
@ApplicationScoped
public class Forgetting {
  /** Any number that no other advisory lock of this database uses. */
  private static final long LOCK = 7_504_003;

  /** Longer than any delivery takes, the start of a session included. */
  private static final Duration SURELY_OVER = Duration.ofMinutes(2);

  private final EntityManager database;
  private final History history;
  private final Events events;
  private final KnownSessions sessions;
  private final UnfinishedFires fires;
  private final ExpectantSessions expectant;
  private final TriggerConfig.Memory memory;
  private final SharedClock clock;

  Forgetting(
      EntityManager database,
      History history,
      Events events,
      KnownSessions sessions,
      UnfinishedFires fires,
      ExpectantSessions expectant,
      TriggerConfig config,
      SharedClock clock) {
    this.database = database;
    this.history = history;
    this.events = events;
    this.sessions = sessions;
    this.fires = fires;
    this.expectant = expectant;
    this.memory = config.memory();
    this.clock = clock;
  }

  /** Does it once; does nothing while another replica is at it. */
  @Scheduled(
      every = "${relay.trigger.memory.every:60s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  @Transactional
  public void run() {
    if (isOurs()) {
      Instant now = clock.instant();
      expectant.forget(now.minus(memory.history()));
      history.tidy(now.minus(SURELY_OVER), now.minus(memory.history()));
      events.forget(now.minus(memory.events()));
      sessions.forget(now.minus(memory.sessions()));
      fires.forget(now.minus(memory.history()));
    }
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
