package dev.agentrelay.auth.credential;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A person signed in on one browser. */
@Entity
@Table(name = "login_session")
public class LoginSession {
  @Id public String id;

  /** The token itself is in the cookie alone. */
  @Column(name = "token_hash")
  public String tokenHash;

  @Column(name = "account_id")
  public String accountId;

  /** Whether it outlives the browser and is extended while used. */
  @Column public boolean remembered;

  @Column(name = "expires_at")
  public Instant expiresAt;

  @Column(name = "ip_address")
  public String ipAddress;

  @Column(name = "user_agent")
  public String userAgent;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "updated_at")
  public Instant updatedAt;
}
