package dev.agentrelay.gateway.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where trigger-service is, which keeps the trigger subscriptions of runners. */
@ConfigMapping(prefix = "relay.trigger-service")
public interface TriggerServiceConfig {
  /** Address of trigger-service. */
  @WithDefault("http://127.0.0.1:7504")
  URI url();

  /** How long trigger-service is given before it is asked again. */
  @WithDefault("3s")
  Duration timeout();
}
