package dev.agentrelay.trigger.history;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.replica.LivingReplicas;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.hibernate.Session;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What was delivered a moment ago. Nobody waits until that is on Postgres' disk, so a crash of it
 * takes the last moment's along, and while it is away nothing can be written; a second later, or
 * when it is back, this is made good. Thread-safe.
 */
@ApplicationScoped
public class RecentDeliveries {
  /** The sign of life is there to be written: a commit of nothing would not wait for the disk. */
  private static final String CONFIRM =
      """
      with alive as (update trigger.replicas set seen_at = now() where replica = :replica),
      told as (
        select * from json_to_recordset(cast(:deliveries as json))
          as told (session text, trigger text, reason text))
      update trigger.history known set state = 'delivered', reason = told.reason, at = :at
      from told
      where known.session_id = told.session and known.trigger_id = told.trigger
        and known.state in ('queued', 'unknown')
      """;

  private static final Logger LOG = Logger.getLogger(RecentDeliveries.class);

  /** As many as a busy replica delivers in the seconds that Postgres takes to start again. */
  private static final int MOST = 20_000;

  private static final int MOST_AT_ONCE = 2_000;

  private final EntityManager database;
  private final LivingReplicas replicas;
  private final SharedClock clock;
  private final ConcurrentLinkedQueue<Delivery> unconfirmed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  RecentDeliveries(
      EntityManager database, LivingReplicas replicas, SharedClock clock, RelayMetrics metrics) {
    this.database = database;
    this.replicas = replicas;
    this.clock = clock;
    metrics.bound(Bound.UNCONFIRMED_DELIVERIES, size::get, MOST);
  }

  private record Delivery(SessionId session, String triggerId, @Nullable String reason) {}

  /**
   * Keeps one that was delivered until its entry surely says so.
   *
   * @param reason why that is not certain
   */
  public void add(SessionId session, String triggerId, @Nullable String reason) {
    if (size.incrementAndGet() > MOST) {
      size.decrementAndGet();
      LOG.warnf(
          "If Postgres loses it, the history of %s lacks that %s was delivered",
          session, triggerId);
    } else {
      unconfirmed.add(new Delivery(session, triggerId, reason));
    }
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void confirm() {
    try {
      while (!unconfirmed.isEmpty()) {
        List<Delivery> some = unconfirmed.stream().limit(MOST_AT_ONCE).toList();
        QuarkusTransaction.requiringNew().run(() -> write(some));
        for (int each = 0; each < some.size(); each++) {
          unconfirmed.remove();
        }
        size.addAndGet(-some.size());
      }
    } catch (RuntimeException away) {
      LOG.debugf("%d deliveries wait until Postgres is back: %s", size.get(), away);
    }
  }

  /** Entries that are gone stay gone. */
  private void write(List<Delivery> some) {
    ArrayNode told = StoredJson.object().putArray("deliveries");
    some.forEach(
        each ->
            told.addObject()
                .put("session", each.session().value())
                .put("trigger", each.triggerId())
                .put("reason", each.reason()));
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(CONFIRM)
        .setParameter("deliveries", StoredJson.text(told))
        .setParameter("at", clock.instant())
        .setParameter("replica", replicas.own())
        .executeUpdate();
  }
}
