package dev.agentrelay.platform.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;

/** How much one user may have at a time. What is not said has no bound. */
@ConfigMapping(prefix = "relay.quotas")
public interface QuotaConfig {
  /** Registered runners. */
  Optional<@Min(1) Integer> runners();

  /** Live sessions. */
  Optional<@Min(1) Integer> sessions();

  /** Sockets that show sessions, over all pages and devices. */
  Optional<@Min(1) Integer> viewers();

  /**
   * Events of workers a second, on each replica of the gateway; a second's worth may come at once.
   * What comes beyond waits with its sender; nothing is lost.
   */
  Optional<@Min(1) @Max(1_000_000) Integer> eventsPerSecond();

  /** Bytes between tunnels and runners in one window, both ways. */
  Optional<@Min(1) Long> tunnelBytes();

  /** The window of tunnel bytes. */
  @WithDefault("1h")
  Duration tunnelWindow();

  /** Bytes of attachments that are kept. */
  Optional<@Min(1) Long> attachmentBytes();

  /** Webhooks. */
  Optional<@Min(1) Integer> webhooks();
}
