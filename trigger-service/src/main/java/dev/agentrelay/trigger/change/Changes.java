package dev.agentrelay.trigger.change;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SubscriptionChanged;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.List;

/**
 * Changes that daemons and viewers must hear of. They are written with the change itself, and said
 * once that is committed.
 */
@ApplicationScoped
public class Changes implements PanacheRepositoryBase<PendingChange, Long> {
  /** Any number that no other advisory lock of this database uses; the runner is the second key. */
  private static final int WRITING = 7_504_001;

  private static final int PUBLISHING = 7_504_002;

  private final Event<Written> written;
  private final ObjectMapper json;

  Changes(Event<Written> written, ObjectMapper json) {
    this.written = written;
    this.json = json;
  }

  /** A change was written in the transaction that is under way. */
  record Written() {}

  /**
   * Makes the changes of one runner one after the other until the transaction ends, so that they
   * are said in the order in which they were committed. Call it before reading what is to change.
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void lock(RunnerId runner) {
    getEntityManager()
        .createNativeQuery("select cast(pg_advisory_xact_lock(:kind, hashtext(:runner)) as text)")
        .setParameter("kind", WRITING)
        .setParameter("runner", runner.value())
        .getSingleResult();
  }

  /** Says a change once the transaction is committed. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void say(SubscriptionChanged change) {
    try {
      persist(new PendingChange(change.runnerId().value(), json.writeValueAsString(change)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a change is always JSON", e);
    }
    written.fire(new Written());
  }

  /** The oldest; no other replica reads them until the transaction ends. */
  List<PendingChange> oldest(int most) {
    getEntityManager()
        .createNativeQuery("select cast(pg_advisory_xact_lock(:kind, 0) as text)")
        .setParameter("kind", PUBLISHING)
        .getSingleResult();
    return find("order by id").page(0, most).list();
  }
}
