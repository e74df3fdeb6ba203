package dev.agentrelay.auth.credential;

import dev.agentrelay.auth.RandomText;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.revocation.Revocations;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Credential.SessionCookie;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The login sessions. Their tokens are known to cookies alone; here lie hashes. */
@ApplicationScoped
public class LoginSessions implements PanacheRepositoryBase<LoginSession, String> {
  /** How long a login lasts that is remembered. */
  public static final Duration LIFE = Duration.ofDays(7);

  private static final Duration LIFE_UNTIL_CLOSED = Duration.ofDays(1);
  private static final Duration EXTENDED_EVERY = Duration.ofDays(1);
  private static final int LONGEST_USER_AGENT = 1000;

  private final LoginCookies cookies;
  private final Revocations revocations;

  LoginSessions(LoginCookies cookies, Revocations revocations) {
    this.cookies = cookies;
    this.revocations = revocations;
  }

  /** A login just opened, with the token that its cookie carries. */
  public record Opened(LoginSession session, String token) {}

  @Transactional
  public Opened open(Account account, boolean remembered, String address, String userAgent) {
    String token = RandomText.id();
    LoginSession session = new LoginSession();
    session.id = RandomText.id();
    session.tokenHash = Credential.hash(token);
    session.accountId = account.id;
    session.remembered = remembered;
    session.createdAt = Instant.now();
    session.updatedAt = session.createdAt;
    session.expiresAt = session.createdAt.plus(remembered ? LIFE : LIFE_UNTIL_CLOSED);
    session.ipAddress = address;
    session.userAgent =
        userAgent.length() > LONGEST_USER_AGENT
            ? userAgent.substring(0, LONGEST_USER_AGENT)
            : userAgent;
    persist(session);
    return new Opened(session, token);
  }

  /** The live session of a token. */
  @Transactional
  public Optional<LoginSession> byToken(String token) {
    return find("tokenHash = ?1 AND expiresAt > ?2", Credential.hash(token), Instant.now())
        .firstResultOptional();
  }

  /** Extends a remembered session that is used a day after its last extension; tells whether. */
  @Transactional
  public boolean extend(LoginSession session) {
    Instant now = Instant.now();
    if (!session.remembered || now.isBefore(session.updatedAt.plus(EXTENDED_EVERY))) {
      return false;
    }
    session.expiresAt = now.plus(LIFE);
    session.updatedAt = now;
    return update(
            "expiresAt = ?1, updatedAt = ?2 WHERE id = ?3", session.expiresAt, now, session.id)
        == 1;
  }

  /**
   * Ends the session behind a cookie, everywhere. All credentials of its owner are asked for again:
   * while secrets change, the same session has cookies of several signatures.
   */
  @Transactional
  public void close(SessionCookie cookie) {
    Optional<LoginSession> open = cookies.verify(cookie).flatMap(this::byToken);
    if (open.isPresent() && delete("id", open.get().id) > 0) {
      revocations.revokeAll(new UserId(open.get().accountId));
    }
  }

  /** The live sessions of an account, the oldest first. */
  @Transactional
  public List<LoginSession> of(Account account) {
    return list(
        "accountId = ?1 AND expiresAt > ?2", Sort.by("createdAt"), account.id, Instant.now());
  }

  /**
   * Ends a session of this account, everywhere; nothing happens when it has none such.
   *
   * @param tokenOrId the token of the session, or its id, which shows where the token cannot
   */
  @Transactional
  public void close(Account account, String tokenOrId) {
    long closed =
        delete(
            "accountId = ?1 AND (tokenHash = ?2 OR id = ?3)",
            account.id,
            Credential.hash(tokenOrId),
            tokenOrId);
    if (closed > 0) {
      revocations.revokeAll(new UserId(account.id));
    }
  }

  /** Ends the sessions of an account except one, everywhere. */
  @Transactional
  public void closeAllBut(Optional<LoginSession> kept, Account account) {
    delete("accountId = ?1 AND id <> ?2", account.id, kept.map(session -> session.id).orElse(""));
    revocations.revokeAll(new UserId(account.id));
  }

  /** Ends every session of an account, everywhere. */
  @Transactional
  public void closeAll(Account account) {
    delete("accountId", account.id);
    revocations.revokeAll(new UserId(account.id));
  }

  @Transactional
  public long deleteExpired() {
    return delete("expiresAt <= ?1", Instant.now());
  }
}
