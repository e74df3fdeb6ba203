package dev.agentrelay.gateway.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where session-service is, which keeps what outlives a session. */
@ConfigMapping(prefix = "relay.session-service")
public interface SessionServiceConfig {
  /** Address of session-service. */
  @WithDefault("http://127.0.0.1:7503")
  URI url();

  /** How long a viewer waits for it. */
  @WithDefault("10s")
  Duration timeout();
}
