package dev.agentrelay.auth.enrolment;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A CLI that waits for somebody to approve it. */
@Entity
@Table(name = "setup_claim")
public class SetupClaim extends DeviceRequest {
  @Id
  @Column(name = "token_hash")
  public String tokenHash;

  @Enumerated(EnumType.STRING)
  @Column
  public Status status;

  @Column public @Nullable String label;

  /** How far it has come. */
  public enum Status {
    PENDING,
    APPROVED,
    REDEEMED,
    EXPIRED
  }

  /** The status now; a claim expires by itself. */
  Status statusNow() {
    return isOver() ? Status.EXPIRED : status;
  }
}
