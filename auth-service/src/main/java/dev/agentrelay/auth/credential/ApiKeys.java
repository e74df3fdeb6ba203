package dev.agentrelay.auth.credential;

import dev.agentrelay.auth.RandomText;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.revocation.Revocations;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The API keys, of which only hashes are kept (rest.md 2.5). */
@ApplicationScoped
public class ApiKeys implements PanacheRepositoryBase<StoredKey, String> {
  /** The name of the one key that the CLI's registration call hands out. */
  static final String CLI = "cli";

  private static final String SERVER_PREFIX = "pk_live_";
  private static final int RANDOM_LENGTH = 64;
  private static final int START_LENGTH = 6;
  private static final Duration SHOWN_WINDOW = Duration.ofDays(1);
  private static final long SHOWN_MAX = 10;

  private final Revocations revocations;
  private final KeyUses uses;

  ApiKeys(Revocations revocations, KeyUses uses) {
    this.revocations = revocations;
    this.uses = uses;
  }

  /** A key just made; nobody will see {@code text} again. */
  public record Minted(StoredKey key, String text) {}

  /** The account's new {@code cli} key, and the ids of those that it ended. */
  public record Replaced(Minted minted, List<String> ended) {}

  /** What became of presenting a key. */
  public sealed interface Use {
    record Good(StoredKey key) implements Use {}

    record Unknown() implements Use {}

    record Expired() implements Use {}

    record Disabled() implements Use {}
  }

  /** Makes a key as people ask for it: their prefix and 64 letters. */
  @Transactional
  public Minted mint(
      Account account,
      @Nullable String name,
      @Nullable String prefix,
      @Nullable Instant expiresAt) {
    String text = (prefix == null ? "" : prefix) + RandomText.of(RandomText.LETTERS, RANDOM_LENGTH);
    StoredKey key = newKey(account, RandomText.id(), name, text, START_LENGTH);
    key.prefix = prefix;
    key.expiresAt = expiresAt;
    key.rateLimitTimeWindow = SHOWN_WINDOW.toMillis();
    key.rateLimitMax = SHOWN_MAX;
    persist(key);
    return new Minted(key, text);
  }

  /**
   * Makes the account's one {@code cli} key; earlier ones end, everywhere. The account is locked,
   * so that of two machines registering at once one keeps its key.
   */
  @Transactional
  public Replaced replaceCliKey(Account account) {
    getEntityManager().find(Account.class, account.id, LockModeType.PESSIMISTIC_WRITE);
    List<String> ended = new ArrayList<>();
    for (StoredKey earlier : list("accountId = ?1 AND name = ?2", account.id, CLI)) {
      if (remove(earlier)) {
        ended.add(earlier.id);
      }
    }
    return new Replaced(mintForDevice(account, CLI, null), ended);
  }

  /** Makes a key for a device of the account's owner; absent expiry means never. */
  @Transactional
  public Minted mintForDevice(Account account, String name, @Nullable Instant expiresAt) {
    String text = SERVER_PREFIX + RandomText.of(RANDOM_LENGTH);
    StoredKey key =
        newKey(
            account,
            UUID.randomUUID().toString(),
            name,
            text,
            SERVER_PREFIX.length() + START_LENGTH);
    key.expiresAt = expiresAt;
    persist(key);
    return new Minted(key, text);
  }

  private static StoredKey newKey(
      Account account, String id, @Nullable String name, String text, int startLength) {
    StoredKey key = new StoredKey();
    key.id = id;
    key.accountId = account.id;
    key.name = name;
    key.keyHash = Credential.hash(text);
    key.start = text.substring(0, startLength);
    key.enabled = true;
    key.createdAt = Instant.now();
    key.updatedAt = key.createdAt;
    return key;
  }

  /** Checks a key and notes its use. An expired one goes away. */
  @Transactional
  public Use use(Credential.ApiKey presented) {
    StoredKey key = find("keyHash", presented.hash()).firstResult();
    Instant now = Instant.now();
    if (key == null) {
      return new Use.Unknown();
    }
    if (!key.enabled) {
      return new Use.Disabled();
    }
    if (key.isExpired(now)) {
      delete("id", key.id);
      return new Use.Expired();
    }
    uses.note(key.id, now);
    return new Use.Good(key);
  }

  @Transactional
  public List<StoredKey> of(Account account) {
    uses.write();
    return list("accountId", Sort.by("createdAt"), account.id);
  }

  /** Ends a key of this account, everywhere; tells whether there was one. */
  @Transactional
  public boolean delete(Account account, String id) {
    StoredKey key = find("id = ?1 AND accountId = ?2", id, account.id).firstResult();
    return key != null && remove(key);
  }

  /** A key of this account. */
  @Transactional
  public Optional<StoredKey> of(Account account, String id) {
    uses.write();
    return find("id = ?1 AND accountId = ?2", id, account.id).firstResultOptional();
  }

  /** Changes a key of this account, everywhere; empty when there is none such. */
  @Transactional
  public Optional<StoredKey> change(Account account, String id, Consumer<StoredKey> change) {
    Optional<StoredKey> found = of(account, id);
    found.ifPresent(
        key -> {
          change.accept(key);
          revocations.revoke(new UserId(key.accountId), key.keyHash);
        });
    return found;
  }

  /** By a statement, which does not mind that somebody else removes the key just now. */
  private boolean remove(StoredKey key) {
    if (delete("id", key.id) == 0) {
      return false;
    }
    revocations.revoke(new UserId(key.accountId), key.keyHash);
    return true;
  }

  @Transactional
  public long deleteExpired() {
    return delete("expiresAt <= ?1", Instant.now());
  }
}
