package dev.agentrelay.auth.apikey;

import dev.agentrelay.auth.credential.StoredKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An API key as clients see it (rest.md 2.4); quotas are not kept, so their members rest. */
record KeyView(
    String id,
    @Nullable String name,
    String start,
    @Nullable String prefix,
    String userId,
    @Nullable Long refillInterval,
    @Nullable Long refillAmount,
    @Nullable Instant lastRefillAt,
    boolean enabled,
    boolean rateLimitEnabled,
    @Nullable Long rateLimitTimeWindow,
    @Nullable Long rateLimitMax,
    long requestCount,
    @Nullable Long remaining,
    @Nullable Instant lastRequest,
    @Nullable Instant expiresAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable String permissions,
    @Nullable String metadata) {

  static KeyView of(StoredKey key) {
    return new KeyView(
        key.id,
        key.name,
        key.start,
        key.prefix,
        key.accountId,
        null,
        null,
        null,
        key.enabled,
        false,
        key.rateLimitTimeWindow,
        key.rateLimitMax,
        0,
        null,
        key.lastRequest,
        key.expiresAt,
        key.createdAt,
        key.updatedAt,
        null,
        null);
  }
}
