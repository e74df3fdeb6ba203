package dev.agentrelay.gateway.subscription;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where the gateway learns which trigger subscriptions a runner has. */
@ConfigMapping(prefix = "relay.gateway.subscriptions")
public interface SubscriptionConfig {
  /** Address of trigger-service. */
  @WithDefault("http://127.0.0.1:7504")
  URI url();

  /** How long trigger-service is given before it is asked again. */
  @WithDefault("3s")
  Duration timeout();
}
