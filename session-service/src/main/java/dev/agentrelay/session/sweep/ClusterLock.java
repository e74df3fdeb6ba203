package dev.agentrelay.session.sweep;

import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.Session;

/** Lets one replica at a time do something, by a lock of the database. */
@ApplicationScoped
public class ClusterLock {

  /** What is locked; the numbers are used by no other advisory lock of this database. */
  public enum Task {
    EXPIRED_SESSIONS(7_503_001),
    EXPIRED_ATTACHMENTS(7_503_002);

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
   * Takes the lock until the caller's transaction ends; false while another replica holds it. Needs
   * a transaction.
   */
  public boolean take(Task task) {
    return Boolean.TRUE.equals(
        database
            .createNativeQuery("select pg_try_advisory_xact_lock(:lock)", Boolean.class)
            .setParameter("lock", task.number())
            .getSingleResult());
  }
}
