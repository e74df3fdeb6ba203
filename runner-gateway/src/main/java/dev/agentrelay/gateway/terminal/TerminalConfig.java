package dev.agentrelay.gateway.terminal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Limits and life times of terminals. Durations are ISO-8601 or like {@code 10m}. */
@ConfigMapping(prefix = "relay.terminal")
public interface TerminalConfig {
  /** How long a terminal that was registered waits for its first viewer. */
  @WithDefault("60s")
  Duration unclaimedTtl();

  /** How long a terminal lives that nobody looks at and that says nothing; its shell is killed. */
  @WithDefault("1h")
  Duration idleTtl();

  /** How long a terminal whose shell has ended waits for a viewer to see its end. */
  @WithDefault("30s")
  Duration endedTtl();

  /** How long a terminal whose shell has ended lives once a viewer has seen its end. */
  @WithDefault("2s")
  Duration seenTtl();

  /** How many messages are kept for the next viewer while there is none. */
  @WithDefault("1000")
  @Min(1)
  @Max(100_000)
  int replayMessages();

  /** How many bytes of messages are kept at most, whatever their number. */
  @WithDefault("4194304")
  @Min(65_536)
  long replayBytes();

  /**
   * How many bytes one side may send that the other has not taken yet; beyond, it is no longer read
   * from.
   */
  @WithDefault("262144")
  @Min(16_384)
  long windowBytes();

  /** How long a viewer that takes nothing may hold everybody up before its connection is closed. */
  @WithDefault("10s")
  Duration slowViewer();
}
