package dev.agentrelay.auth.revocation;

import dev.agentrelay.auth.outbox.Outbox;
import dev.agentrelay.contracts.CredentialRevoked;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Revocations that every service must hear of, written with the change that causes them. */
@ApplicationScoped
public class Revocations {
  private final Outbox outbox;

  Revocations(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Ends one credential, named by its hash. */
  public void revoke(UserId user, String credentialHash) {
    write(user, credentialHash);
  }

  /** Ends whatever credentials of the user are no longer good; each must be asked for again. */
  public void revokeAll(UserId user) {
    write(user, null);
  }

  private void write(UserId user, @Nullable String credentialHash) {
    outbox.add(
        Topics.CREDENTIALS,
        user.value(),
        new CredentialRevoked(user, credentialHash, Instant.now()));
  }
}
