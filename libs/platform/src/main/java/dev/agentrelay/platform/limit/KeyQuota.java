package dev.agentrelay.platform.limit;

import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** How often each API key may be used for requests; without bound unless it is configured. */
@ApplicationScoped
public class KeyQuota {
  private final RateLimiter limiter;
  private final RelayConfig.ApiKeys config;

  KeyQuota(RateLimiter limiter, RelayConfig config) {
    this.limiter = limiter;
    this.config = config.apiKeys();
  }

  /** Whether uses are counted at all. */
  public boolean isOn() {
    return config.limited();
  }

  /**
   * Counts one use of a key that is good.
   *
   * @return how long it is used up, when it is, else empty
   */
  public Uni<Optional<Duration>> count(ApiKey key) {
    return limiter.count("key:" + key.hash(), config.requests(), config.window());
  }
}
