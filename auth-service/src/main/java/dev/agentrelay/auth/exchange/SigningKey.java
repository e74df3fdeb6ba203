package dev.agentrelay.auth.exchange;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A key that identities are signed with, as it is kept. */
@Entity
@Table(name = "signing_key")
public class SigningKey {
  /** The {@code kid} of its tokens. */
  @Id public String id;

  @Column(name = "public_jwk")
  public String publicJwk;

  /** Sealed. */
  @Column(name = "private_jwk")
  public byte[] privateJwk;

  @Column(name = "created_at")
  public Instant createdAt;
}
