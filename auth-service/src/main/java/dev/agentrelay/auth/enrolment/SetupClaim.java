package dev.agentrelay.auth.enrolment;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A CLI that waits for somebody to approve it. */
@Entity
@Table(name = "setup_claim")
public class SetupClaim {
  @Id
  @Column(name = "token_hash")
  public String tokenHash;

  @Enumerated(EnumType.STRING)
  @Column
  public Status status;

  @Column(name = "relay_url")
  public String relayUrl;

  @Column public @Nullable String label;

  /** The key, sealed; there from the approval until it is fetched. */
  @Column(name = "sealed_key")
  public byte @Nullable [] sealedKey;

  @Column(name = "expires_at")
  public Instant expiresAt;

  /** How far it has come. */
  public enum Status {
    PENDING,
    APPROVED,
    REDEEMED,
    EXPIRED
  }

  /** The status at a time; a claim expires by itself. */
  Status statusAt(Instant now) {
    return expiresAt.isAfter(now) ? status : Status.EXPIRED;
  }
}
