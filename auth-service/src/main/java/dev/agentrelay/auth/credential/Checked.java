package dev.agentrelay.auth.credential;

import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.web.AuthError;
import java.time.Duration;

/** What a credential turned out to be. */
public sealed interface Checked {

  /** Good for an account. */
  sealed interface Good extends Checked {
    Account account();
  }

  record SignedIn(Account account, LoginSession session, String token) implements Good {}

  record ByKey(Account account, StoredKey key) implements Good {}

  /** A key that is not good, and how {@code /api/auth} says so. */
  record BadKey(AuthError error) implements Checked {}

  /** A good key that was used too often, and how long it has to rest. */
  record UsedUp(Duration rest) implements Checked {}

  /** A genuine cookie whose session has ended. */
  record Ended() implements Checked {}

  /** No credential; a forged cookie counts as none. */
  record Nobody() implements Checked {}
}
