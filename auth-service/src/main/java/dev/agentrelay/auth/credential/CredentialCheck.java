package dev.agentrelay.auth.credential;

import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.credential.ApiKeys.Use;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Credential.SessionCookie;
import dev.agentrelay.platform.identity.SessionCookies;
import dev.agentrelay.platform.limit.KeyQuota;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the account behind a credential, in the database: blocks. */
@ApplicationScoped
public class CredentialCheck {
  private static final int SHORTEST_KEY = 64;

  private final Accounts accounts;
  private final ApiKeys keys;
  private final LoginSessions sessions;
  private final LoginCookies cookies;
  private final KeyQuota quota;

  CredentialCheck(
      Accounts accounts,
      ApiKeys keys,
      LoginSessions sessions,
      LoginCookies cookies,
      KeyQuota quota) {
    this.accounts = accounts;
    this.keys = keys;
    this.sessions = sessions;
    this.cookies = cookies;
    this.quota = quota;
  }

  /** Who sends a request under {@code /api/auth}: a key header decides alone, then the cookie. */
  @Transactional
  public Checked check(HttpHeaders headers) {
    String key = headers.getHeaderString("x-api-key");
    if (key != null && !key.isEmpty()) {
      return key.length() < SHORTEST_KEY
          ? new Checked.BadKey(AuthError.KEY_TOO_SHORT)
          : checkQuota(new ApiKey(key));
    }
    return SessionCookies.find(headers.getHeaderString(HttpHeaders.COOKIE))
        .map(this::check)
        .orElseGet(Checked.Nobody::new);
  }

  private Checked checkQuota(ApiKey key) {
    Checked found = check(key);
    if (!quota.isOn() || !(found instanceof Checked.Good)) {
      return found;
    }
    return quota
        .count(key)
        .await()
        .indefinitely()
        .<Checked>map(wait -> new Checked.UsedUp(wait))
        .orElse(found);
  }

  /**
   * The account behind a request under {@code /api/auth} that needs one.
   *
   * @param nobody what is said when there is none; a bad key has words of its own
   */
  public Checked.Good require(HttpHeaders headers, Supplier<AuthException> nobody) {
    return switch (check(headers)) {
      case Checked.Good good -> good;
      case Checked.BadKey bad -> throw bad.error().failure();
      case Checked.UsedUp usedUp -> throw AuthException.usedUp(usedUp.rest());
      case Checked.Ended ended -> throw nobody.get();
      case Checked.Nobody stranger -> throw nobody.get();
    };
  }

  @Transactional
  public Checked check(Credential credential) {
    return switch (credential) {
      case ApiKey key -> checkKey(key);
      case SessionCookie cookie -> checkCookie(cookie);
    };
  }

  private Checked checkKey(ApiKey key) {
    return switch (keys.use(key)) {
      case Use.Good good ->
          accounts
              .findByIdOptional(good.key().accountId)
              .<Checked>map(account -> new Checked.ByKey(account, good.key()))
              .orElseGet(() -> new Checked.BadKey(AuthError.INVALID_API_KEY));
      case Use.Unknown unknown -> new Checked.BadKey(AuthError.INVALID_API_KEY);
      case Use.Expired expired -> new Checked.BadKey(AuthError.KEY_EXPIRED);
      case Use.Disabled disabled -> new Checked.BadKey(AuthError.KEY_DISABLED);
    };
  }

  private Checked checkCookie(SessionCookie cookie) {
    Optional<String> token = cookies.verify(cookie);
    if (token.isEmpty()) {
      return new Checked.Nobody();
    }
    return sessions
        .byToken(token.get())
        .flatMap(
            session ->
                accounts
                    .findByIdOptional(session.accountId)
                    .<Checked>map(account -> new Checked.SignedIn(account, session, token.get())))
        .orElseGet(Checked.Ended::new);
  }
}
