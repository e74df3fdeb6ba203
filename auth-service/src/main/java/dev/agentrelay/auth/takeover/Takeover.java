package dev.agentrelay.auth.takeover;

import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.apikey.StoredKey;
import dev.agentrelay.auth.login.LoginSession;
import dev.agentrelay.platform.identity.Credential;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings accounts, keys and logins of a PizzaPi relay into this one, all of them or none. What is
 * here already stays as it is, so it can be done again.
 */
@ApplicationScoped
class Takeover {
  /** Fits no password. */
  private static final String NO_PASSWORD = "";

  private final Accounts accounts;
  private final EntityManager database;

  Takeover(Accounts accounts, EntityManager database) {
    this.accounts = accounts;
    this.database = database;
  }

  /** How many of each are new here. */
  record Summary(int accounts, int keys, int logins) {}

  /**
   * @throws TakeoverException when the file is not what it must be
   */
  @Transactional
  Summary from(Path file) {
    try (UserDatabase users = UserDatabase.open(file)) {
      Map<String, String> idsHere = new HashMap<>();
      int newAccounts = 0;
      for (UserDatabase.User user : users.users()) {
        Optional<Account> here = accounts.byEmail(user.email());
        if (here.isEmpty()) {
          database.persist(account(user));
          newAccounts++;
        }
        idsHere.put(user.id(), here.map(account -> account.id).orElse(user.id()));
      }
      database.flush();
      int newKeys = 0;
      for (UserDatabase.Key key : users.keys()) {
        newKeys += keep(key(key, idsHere.get(key.userId())), key.id(), key.hash()) ? 1 : 0;
      }
      int newLogins = 0;
      for (UserDatabase.Login login : users.logins()) {
        newLogins += keep(login(login, idsHere.get(login.userId())), login) ? 1 : 0;
      }
      return new Summary(newAccounts, newKeys, newLogins);
    }
  }

  private static Account account(UserDatabase.User user) {
    Account account = new Account();
    account.id = user.id();
    account.email = user.email();
    account.name = user.name();
    account.image = user.image();
    account.passwordHash = user.password() == null ? NO_PASSWORD : user.password();
    account.emailVerified = user.emailVerified();
    account.createdAt = user.createdAt();
    account.updatedAt = user.updatedAt();
    return account;
  }

  private static @Nullable StoredKey key(UserDatabase.Key key, @Nullable String accountId) {
    if (accountId == null) {
      return null;
    }
    StoredKey stored = new StoredKey();
    stored.id = key.id();
    stored.accountId = accountId;
    stored.keyHash = key.hash();
    stored.name = key.name();
    stored.start = key.start();
    stored.prefix = key.prefix();
    stored.enabled = key.enabled();
    stored.rateLimitTimeWindow = key.rateLimitTimeWindow();
    stored.rateLimitMax = key.rateLimitMax();
    stored.lastRequest = key.lastRequest();
    stored.expiresAt = key.expiresAt();
    stored.createdAt = key.createdAt();
    stored.updatedAt = key.updatedAt();
    return stored;
  }

  private static @Nullable LoginSession login(
      UserDatabase.Login login, @Nullable String accountId) {
    if (accountId == null || !login.expiresAt().isAfter(Instant.now())) {
      return null;
    }
    LoginSession session = new LoginSession();
    session.id = login.id();
    session.accountId = accountId;
    session.tokenHash = Credential.hash(login.token());
    session.remembered = true;
    session.expiresAt = login.expiresAt();
    session.ipAddress = login.ipAddress();
    session.userAgent = login.userAgent();
    session.createdAt = login.createdAt();
    session.updatedAt = login.updatedAt();
    return session;
  }

  private boolean keep(@Nullable StoredKey key, String id, String hash) {
    if (key == null || isHere("StoredKey", "keyHash", id, hash)) {
      return false;
    }
    database.persist(key);
    return true;
  }

  private boolean keep(@Nullable LoginSession session, UserDatabase.Login login) {
    if (session == null
        || isHere("LoginSession", "tokenHash", login.id(), Credential.hash(login.token()))) {
      return false;
    }
    database.persist(session);
    return true;
  }

  private boolean isHere(String entity, String hashColumn, String id, String hash) {
    return database
            .createQuery(
                "SELECT count(*) FROM " + entity + " WHERE id = :id OR " + hashColumn + " = :hash",
                Long.class)
            .setParameter("id", id)
            .setParameter("hash", hash)
            .getSingleResult()
        > 0;
  }
}
