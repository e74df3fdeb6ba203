package dev.agentrelay.push.subscription;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One browser of a user. Written by {@link Subscriptions} alone. */
@Entity
@Table(name = "subscriptions", schema = "push")
public class SubscriptionRow {
  @Id UUID id;

  @Column(name = "user_id")
  String userId;

  @Column(name = "endpoint")
  String endpoint;

  @Column(name = "p256dh")
  String p256dh;

  @Column(name = "auth")
  String auth;

  @Column(name = "enabled_events")
  String enabledEvents;

  @Column(name = "suppress_child_notifications")
  boolean suppressChildNotifications;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "vapid_public_key")
  String vapidPublicKey;

  @Column(name = "failing_since")
  @Nullable Instant failingSince;

  protected SubscriptionRow() {}

  public UUID id() {
    return id;
  }

  public String endpoint() {
    return endpoint;
  }

  /** Who takes its messages: the host, and the port where it is not the usual one. */
  public String provider() {
    return URI.create(endpoint).getAuthority().toLowerCase(Locale.ROOT);
  }

  /** The browser's public key in base64url, as it was given. */
  public String p256dh() {
    return p256dh;
  }

  /** The browser's shared secret in base64url, as it was given. */
  public String auth() {
    return auth;
  }

  public String enabledEvents() {
    return enabledEvents;
  }

  public @Nullable Instant failingSince() {
    return failingSince;
  }
}
