package dev.agentrelay.auth.revocation;

import dev.agentrelay.contracts.UserId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Revocations that every service must hear of. They are written with the change that causes them,
 * and said once that is committed.
 */
@ApplicationScoped
public class Revocations implements PanacheRepositoryBase<PendingRevocation, Long> {
  private final Event<Written> written;

  Revocations(Event<Written> written) {
    this.written = written;
  }

  /** A revocation was written in the transaction that is under way. */
  record Written() {}

  /** Ends one credential, named by its hash. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void revoke(UserId user, String credentialHash) {
    write(user, credentialHash);
  }

  /** Ends whatever credentials of the user are no longer good; each must be asked for again. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void revokeAll(UserId user) {
    write(user, null);
  }

  private void write(UserId user, @Nullable String credentialHash) {
    PendingRevocation pending = new PendingRevocation();
    pending.accountId = user.value();
    pending.credentialHash = credentialHash;
    pending.at = Instant.now();
    persist(pending);
    written.fire(new Written());
  }

  /** The oldest that no other replica is just publishing; locked until the transaction ends. */
  List<PendingRevocation> oldest(int most) {
    return getEntityManager()
        .unwrap(Session.class)
        .createNativeQuery(
            "SELECT * FROM {h-schema}pending_revocation ORDER BY id LIMIT :most"
                + " FOR UPDATE SKIP LOCKED",
            PendingRevocation.class)
        .setParameter("most", most)
        .getResultList();
  }
}
