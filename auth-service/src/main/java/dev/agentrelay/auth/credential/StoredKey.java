package dev.agentrelay.auth.credential;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An API key as it is kept: everything but the key. */
@Entity
@Table(name = "api_key")
public class StoredKey {
  @Id public String id;

  @Column(name = "key_hash")
  public String keyHash;

  @Column(name = "account_id")
  public String accountId;

  @Column public @Nullable String name;

  /** The key's first characters, by which people and the mobile app recognise it. */
  @Column public String start;

  @Column public @Nullable String prefix;
  @Column public boolean enabled;

  /** Milliseconds; shown, while quotas are off. */
  @Column(name = "rate_limit_time_window")
  public @Nullable Long rateLimitTimeWindow;

  @Column(name = "rate_limit_max")
  public @Nullable Long rateLimitMax;

  @Column(name = "last_request")
  public @Nullable Instant lastRequest;

  /** Absent for a key that does not expire. */
  @Column(name = "expires_at")
  public @Nullable Instant expiresAt;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "updated_at")
  public Instant updatedAt;

  boolean isExpired(Instant now) {
    return expiresAt != null && !expiresAt.isAfter(now);
  }
}
