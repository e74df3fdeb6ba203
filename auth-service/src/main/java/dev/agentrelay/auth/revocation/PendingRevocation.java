package dev.agentrelay.auth.revocation;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A revocation on its way to Kafka. */
@Entity
@Table(name = "pending_revocation")
public class PendingRevocation {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public @Nullable Long id;

  @Column(name = "account_id")
  public String accountId;

  @Column(name = "credential_hash")
  public @Nullable String credentialHash;

  @Column public Instant at;
}
