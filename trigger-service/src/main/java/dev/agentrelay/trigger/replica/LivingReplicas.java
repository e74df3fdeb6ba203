package dev.agentrelay.trigger.replica;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Tells which replicas run, so that what a dead one had under way can be gone on with at once. Each
 * process has a name of its own and says every second that it is there.
 */
@ApplicationScoped
public class LivingReplicas {
  private static final String BEAT =
      """
      with gone as (
        delete from trigger.replicas where seen_at < now() - interval '1 hour')
      insert into trigger.replicas (replica, seen_at) values (:own, now())
      on conflict (replica) do update set seen_at = now()
      """;

  private static final String LEAVE = "delete from trigger.replicas where replica = :own";

  private static final Logger LOG = Logger.getLogger(LivingReplicas.class);

  private final EntityManager database;
  private final String own = UUID.randomUUID().toString();

  LivingReplicas(EntityManager database) {
    this.database = database;
  }

  /**
   * SQL that holds for the name of a replica that is not known to run.
   *
   * @param column the column that has the name, with its table
   */
  public static String isDead(String column) {
    return """
    not exists (select 1 from trigger.replicas living
      where living.replica = %s and living.seen_at > now() - interval '5 seconds')
    """
        .formatted(column);
  }

  /** The name of this process. */
  public String own() {
    return own;
  }

  /** Says that this process is there, and forgets those that have long gone. */
  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void beat() {
    write(BEAT);
  }

  void join(@Observes StartupEvent start) {
    write(BEAT);
  }

  void leave(@Observes ShutdownEvent stop) {
    write(LEAVE);
  }

  private void write(String statement) {
    try {
      QuarkusTransaction.requiringNew()
          .run(
              () -> database.createNativeQuery(statement).setParameter("own", own).executeUpdate());
    } catch (RuntimeException away) {
      LOG.debugf("the others take this replica for dead: %s", away);
    }
  }
}
