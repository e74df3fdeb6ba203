package dev.agentrelay.session.attachment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import org.hibernate.Session;

/** Makes a key at the first use and gives every replica the same one. */
@ApplicationScoped
class SigningKeys {
  private static final int BYTES = 32;

  private final Session database;

  SigningKeys(Session database) {
    this.database = database;
  }

  @Transactional
  byte[] key(String purpose) {
    byte[] fresh = new byte[BYTES];
    new SecureRandom().nextBytes(fresh);
    database
        .createNativeMutationQuery(
            "insert into session.signing_keys (purpose, key) values (:purpose, :key)"
                + " on conflict do nothing")
        .setParameter("purpose", purpose)
        .setParameter("key", fresh)
        .executeUpdate();
    return database
        .createNativeQuery(
            "select key from session.signing_keys where purpose = :purpose", byte[].class)
        .setParameter("purpose", purpose)
        .getSingleResult();
  }
}
