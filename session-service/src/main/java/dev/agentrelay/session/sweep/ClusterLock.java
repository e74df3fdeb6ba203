package dev.agentrelay.session.sweep;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BooleanSupplier;
import org.hibernate.Session;
import org.jboss.logging.Logger;

/** Lets one replica at a time do something, by a lock of the database. */
@ApplicationScoped
public class ClusterLock {
  private static final Logger LOG = Logger.getLogger(ClusterLock.class);
  private static final int MOST_STEPS = 1_000;

  /** What is locked; the numbers are used by no other advisory lock of this database. */
  public enum Task {
    EXPIRED_SESSIONS(7_503_001),
    EXPIRED_ATTACHMENTS(7_503_002),
    OVERDUE_SESSIONS(7_503_003),
    OLD_EVENTS(7_503_004),
    EXCESS_EVENTS(7_503_005),
    OUTLIVED_NEWS(7_503_006);

    private final long number;

    Task(long number) {
      this.number = number;
    }

    public long number() {
      return number;
    }
  }

  private final Session database;

  ClusterLock(Session database) {
    this.database = database;
  }

  /**
   * Does a task step by step, each in a transaction of its own, so that none is long; stops while
   * another replica is at it. A step that fails ends the task, not those after it: what it leaves
   * is done the next time.
   *
   * @param step answers whether there may be more to do
   */
  public void repeat(Task task, BooleanSupplier step) {
    try {
      int done = 0;
      while (done < MOST_STEPS && inTurn(task, step)) {
        done++;
      }
    } catch (RuntimeException failure) {
      LOG.errorf(failure, "the sweep of %s has failed", task);
    }
  }

  private boolean inTurn(Task task, BooleanSupplier step) {
    return QuarkusTransaction.requiringNew().call(() -> take(task) && step.getAsBoolean());
  }

  /** Takes the lock until the transaction ends; false while another replica holds it. */
  private boolean take(Task task) {
    return Boolean.TRUE.equals(
        database
            .createNativeQuery("select pg_try_advisory_xact_lock(:lock)", Boolean.class)
            .setParameter("lock", task.number())
            .getSingleResult());
  }
}
