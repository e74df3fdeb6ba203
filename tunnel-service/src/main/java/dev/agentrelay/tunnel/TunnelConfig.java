package dev.agentrelay.tunnel;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;

/** Limits and waits of tunnels. Durations are ISO-8601 or like {@code 30s}. */
@ConfigMapping(prefix = "relay.tunnel")
public interface TunnelConfig {

  /** How long a new connection may take to say which runner it is. */
  @WithDefault("15s")
  Duration registerWithin();

  /** Time between two pings to a runner. */
  @WithDefault("30s")
  Duration pingEvery();

  /** After how much silence a runner counts as gone. */
  @WithDefault("90s")
  Duration silenceLimit();

  /**
   * How long a viewer waits for the head of an answer once its request is complete; nothing is
   * bounded after the head.
   */
  @WithDefault("30s")
  Duration headTimeout();

  /** How long a viewer's WebSocket waits for the app's. */
  @WithDefault("10s")
  Duration openTimeout();

  /** How many HTTP requests and WebSockets one runner serves at a time; more are answered 503. */
  @WithDefault("1024")
  @Min(1)
  @Max(100_000)
  int streamsPerRunner();

  /**
   * How many bytes of an answer wait in memory for a slow viewer before they go to a file, and of
   * which size the runner is no longer read once its file is full.
   */
  @WithDefault("1048576")
  @Min(65_536)
  long heldBytes();

  /**
   * How many bytes of an answer wait in a temporary file for a slow viewer, so that one that stands
   * still does not hold up the runner's other streams. 0 keeps everything in memory.
   */
  @WithDefault("268435456")
  @Min(0)
  long spillBytes();

  /**
   * How many bytes such files may take on a replica, all together. Where they are used up, a runner
   * is no longer read while one of its viewers is slow.
   */
  @WithDefault("4294967296")
  @Min(0)
  long spillTotalBytes();

  /** The {@code Permissions-Policy} of answers of apps on path tunnels. */
  @WithDefault("camera=(), microphone=(), geolocation=()")
  String permissionsPolicy();

  /**
   * Secret that signs tunnel tokens, the same on all replicas; made from the internal secret when
   * absent.
   */
  Optional<String> tokenSecret();

  /** The former secret, whose tokens are still believed while it is being replaced. */
  Optional<String> tokenSecretPrevious();

  /** How long a tunnel token is good. */
  @WithDefault("1h")
  Duration tokenLife();

  /**
   * Domain whose direct children are tunnels with an origin of their own: {@code
   * [scheme://]host[:port]}. It must not contain, or be contained in, the public address.
   */
  Optional<String> domain();
}
