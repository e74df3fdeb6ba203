package dev.agentrelay.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How session-service keeps its table. */
@ConfigMapping(prefix = "relay.session")
public interface SessionConfig {

  Sweep sweep();

  /** When rows of expired sessions are deleted. */
  interface Sweep {
    /** Time between two sweeps. */
    @WithDefault("60s")
    Duration every();

    /**
     * How long an expired row is kept, unseen, because the news that its session lives on may be
     * late.
     */
    @WithDefault("1h")
    Duration grace();
  }
}
