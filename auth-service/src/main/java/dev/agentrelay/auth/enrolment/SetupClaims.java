package dev.agentrelay.auth.enrolment;

import dev.agentrelay.auth.credential.ApiKeys;
import dev.agentrelay.auth.credential.ApiKeys.Minted;
import dev.agentrelay.auth.credential.StoredKey;
import dev.agentrelay.auth.enrolment.SetupClaim.Status;
import dev.agentrelay.auth.secret.Sealing;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The setup claims (rest.md X33 to X36). A claim is locked while it changes, so that of several
 * approvals one wins, and of several polls one gets the key.
 */
@ApplicationScoped
public class SetupClaims implements PanacheRepositoryBase<SetupClaim, String> {
  private static final Duration KEY_LIFE = Duration.ofDays(365);
  private static final int SHOWN_OF_TOKEN = 8;

  private final ApiKeys keys;
  private final Sealing sealing;

  SetupClaims(ApiKeys keys, Sealing sealing) {
    this.keys = keys;
    this.sealing = sealing;
  }

  /** A claim as its CLI sees it; the key is there once. */
  record Polled(Status status, String relayUrl, @Nullable String label, @Nullable String apiKey) {}

  @Transactional
  Instant create(String token, String relayUrl, @Nullable String label) {
    SetupClaim claim = new SetupClaim();
    claim.tokenHash = Credential.hash(token);
    claim.status = Status.PENDING;
    claim.label = label;
    claim.begin(relayUrl);
    persist(claim);
    return claim.expiresAt;
  }

  /** A claim as it is, without an effect on it. */
  @Transactional
  Optional<SetupClaim> look(String token) {
    return findByIdOptional(Credential.hash(token));
  }

  /** A claim for its CLI: one that is approved hands out its key and is redeemed. */
  @Transactional
  Optional<Polled> poll(String token) {
    return locked(token).map(this::poll);
  }

  private Polled poll(SetupClaim claim) {
    Status status = claim.statusNow();
    String key = null;
    if (status == Status.APPROVED) {
      key = claim.takeKey(sealing).orElse(null);
      claim.status = Status.REDEEMED;
    }
    return new Polled(status, claim.relayUrl, claim.label, key);
  }

  /** Approves a pending claim; empty when there is none such any more. */
  @Transactional
  Optional<StoredKey> approve(String token, Approver approver) {
    return locked(token)
        .filter(claim -> claim.statusNow() == Status.PENDING)
        .map(claim -> approve(claim, token, approver));
  }

  private StoredKey approve(SetupClaim claim, String token, Approver approver) {
    String name =
        claim.label == null
            ? "setup-claim-" + token.substring(0, SHOWN_OF_TOKEN)
            : "runner-" + claim.label;
    Minted minted = keys.mintForDevice(approver.account(), name, approver.until(KEY_LIFE));
    claim.status = Status.APPROVED;
    claim.keep(minted.text(), sealing);
    return minted.key();
  }

  private Optional<SetupClaim> locked(String token) {
    return findByIdOptional(Credential.hash(token), LockModeType.PESSIMISTIC_WRITE);
  }

  @Transactional
  public long deleteExpired() {
    return delete("expiresAt <= ?1", Instant.now().minus(Enrolment.REMEMBERED));
  }
}
