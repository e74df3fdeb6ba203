package dev.agentrelay.push.vapid;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;

/** The key pair in Postgres; whichever replica comes first makes it. */
@ApplicationScoped
class StoredKeyPair {
  private final EntityManager database;

  StoredKeyPair(EntityManager database) {
    this.database = database;
  }

  @Transactional
  KeyPairText get() {
    KeyPairText fresh = KeyPairText.generate();
    database
        .createNativeQuery(
            "insert into push.vapid_keys (public_key, private_key, created_at)"
                + " values (:public, :private, :now) on conflict do nothing")
        .setParameter("public", fresh.publicKey())
        .setParameter("private", fresh.privateKey())
        .setParameter("now", Instant.now())
        .executeUpdate();
    Object[] row =
        (Object[])
            database
                .createNativeQuery("select public_key, private_key from push.vapid_keys")
                .getSingleResult();
    return new KeyPairText((String) row[0], (String) row[1]);
  }
}
