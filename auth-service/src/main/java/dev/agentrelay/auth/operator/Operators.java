package dev.agentrelay.auth.operator;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Locale;

/** Knows who operates the relay. */
@ApplicationScoped
class Operators {
  private final AuthConfig config;
  private final Accounts accounts;
  private final CredentialCheck check;

  Operators(AuthConfig config, Accounts accounts, CredentialCheck check) {
    this.config = config;
    this.accounts = accounts;
    this.check = check;
  }

  /**
   * Whether an operator is signed in with these headers. An API key is never enough: keys lie on
   * machines where agents run.
   */
  @Transactional
  boolean isOperator(HttpHeaders headers) {
    return check.check(headers) instanceof Checked.SignedIn signedIn
        && isOperator(signedIn.account());
  }

  /**
   * @throws RelayException with 403 for everybody else
   */
  @Transactional
  void require(HttpHeaders headers) {
    if (!isOperator(headers)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Only operators who are signed in see this");
    }
  }

  private boolean isOperator(Account account) {
    return config
        .operators()
        .map(emails -> emails.stream().anyMatch(each -> isSame(each, account.email)))
        .orElseGet(() -> account.id.equals(first()));
  }

  private static boolean isSame(String given, String email) {
    return given.strip().toLowerCase(Locale.ROOT).equals(email);
  }

  private String first() {
    return accounts.findAll(Sort.by("createdAt").and("id")).firstResult().id;
  }
}
