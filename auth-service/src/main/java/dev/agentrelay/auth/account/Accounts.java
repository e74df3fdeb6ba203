package dev.agentrelay.auth.account;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.RandomText;
import dev.agentrelay.auth.revocation.Revocations;
import dev.agentrelay.contracts.UserId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts, and whether new ones may be made (rest.md 2.7). */
@ApplicationScoped
public class Accounts implements PanacheRepositoryBase<Account, String> {
  /** Held while an account is made, so that two first sign-ups at once make one account. */
  private static final long SIGN_UP_LOCK = 0x5167_4e75_7001L;

  private final AuthConfig config;
  private final Revocations revocations;

  Accounts(AuthConfig config, Revocations revocations) {
    this.config = config;
    this.revocations = revocations;
  }

  /** What became of making an account. */
  public sealed interface Creation {
    record Created(Account account) implements Creation {}

    record Taken() implements Creation {}

    record Closed() implements Creation {}
  }

  /** Finds an account whatever the case of the address. */
  @Transactional
  public Optional<Account> byEmail(String email) {
    return find("email", email.toLowerCase(Locale.ROOT)).firstResultOptional();
  }

  @Transactional
  public boolean signUpsOpen() {
    return !config.closeSignupsAfterFirstUser() || count() == 0;
  }

  @Transactional
  public Creation create(String email, String name, String passwordHash, @Nullable String image) {
    getEntityManager()
        .createNativeQuery("SELECT 1 FROM pg_advisory_xact_lock(:lock)")
        .setParameter("lock", SIGN_UP_LOCK)
        .getSingleResult();
    if (!signUpsOpen()) {
      return new Creation.Closed();
    }
    if (byEmail(email).isPresent()) {
      return new Creation.Taken();
    }
    Account account = new Account();
    account.id = RandomText.id();
    account.email = email.toLowerCase(Locale.ROOT);
    account.name = name;
    account.image = image;
    account.passwordHash = passwordHash;
    account.createdAt = Instant.now();
    account.updatedAt = account.createdAt;
    persist(account);
    return new Creation.Created(account);
  }

  /** Gives an account another name and picture; every service asks for the name again. */
  @Transactional
  public void describe(Account account, String name, @Nullable String image) {
    update(
        "name = ?1, image = ?2, updatedAt = ?3 WHERE id = ?4",
        name,
        image,
        Instant.now(),
        account.id);
    revocations.revokeAll(new UserId(account.id));
  }

  @Transactional
  public void changePassword(Account account, String passwordHash) {
    update(
        "passwordHash = ?1, updatedAt = ?2 WHERE id = ?3", passwordHash, Instant.now(), account.id);
  }
}
