package dev.agentrelay.auth.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/** How often one client address may call (rest.md 1.10). */
@ConfigMapping(prefix = "relay.limits")
public interface LimitsConfig {

  /** Registrations by the CLI in one window. */
  @WithDefault("5")
  @Positive
  int registerCalls();

  /** The window of registrations. */
  @WithDefault("15m")
  Duration registerWindow();

  /** Calls that check or set a password, for each path in one window. */
  @WithDefault("3")
  @Positive
  int passwordCalls();

  /** The window of calls that check or set a password. */
  @WithDefault("10s")
  Duration passwordWindow();

  /** Other calls under {@code /api/auth}, for each path in one window. */
  @WithDefault("100")
  @Positive
  int otherCalls();

  /** The window of other calls. */
  @WithDefault("10s")
  Duration otherWindow();
}
