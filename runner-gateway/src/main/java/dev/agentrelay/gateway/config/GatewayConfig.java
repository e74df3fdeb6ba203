package dev.agentrelay.gateway.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits and life times of what the gateway keeps alive. Durations are ISO-8601 or like {@code
 * 10m}.
 */
@ConfigMapping(prefix = "relay.gateway")
public interface GatewayConfig {
  /**
   * The relay's own version as health shows it. A web UI that is older than it asks for an update;
   * absent by default.
   */
  Optional<String> version();

  /** How many events of a session are kept for viewers that come back. */
  @WithDefault("1000")
  @Min(1)
  @Max(100_000)
  int ringEvents();

  /** How many bytes of events of a session are kept at most, whatever their number. */
  @WithDefault("33554432")
  @Min(1_048_576)
  long ringBytes();

  /** How long an ephemeral session lives without a sign of life, and its ring after its end. */
  @WithDefault("10m")
  Duration ephemeralTtl();

  /**
   * How long the record of a session lives without a sign of life, and the ring of one that is not
   * ephemeral.
   */
  @WithDefault("24h")
  Duration sessionTtl();

  /** How long the record of a runner lives without a refresh. */
  @WithDefault("2h")
  Duration runnerTtl();

  /** How long a spawn waits for the runner to say that it has started the worker. */
  @WithDefault("5s")
  Duration spawnWait();

  /** How long a viewer's input waits for the worker's answer before it counts as delivered. */
  @WithDefault("9500ms")
  Duration inputWait();

  /** How many bytes of a worker's events may wait for Redis before its socket is no longer read. */
  @WithDefault("8388608")
  @Min(65_536)
  long appendBacklogBytes();

  /** How long closing all sockets is spread over when the gateway stops. */
  @WithDefault("2s")
  Duration closeWithin();

  /** How long requests that are under way are waited for when the gateway stops. */
  @WithDefault("6s")
  Duration answerWithin();

  /** How many bytes the chunks of one snapshot may hold together; a larger one is given up. */
  @WithDefault("134217728")
  @Min(1_048_576)
  @Max(1_073_741_824)
  long snapshotBytes();

  /**
   * How often each connection is asked for a sign of life (sockets.md 1.1). Proxies before the
   * relay must not close what is silent for so long.
   */
  @WithDefault("30s")
  Duration pingInterval();

  /** How long a client may take for its sign of life before it counts as gone. */
  @WithDefault("60s")
  Duration pingTimeout();

  /**
   * How long the session of a worker that has fallen silent is kept for it: it notices the dead
   * connection about when the relay does, and comes back.
   */
  @WithDefault("20s")
  Duration silentWorkerGrace();

  /** How often the sweeps for what is over run. */
  @WithDefault("60s")
  Duration sweepEvery();

  /** How long a session without a sign of life is left alone, though nobody holds its worker. */
  @WithDefault("2m")
  Duration orphanAfter();

  /** How long what a gateway held is left alone after it has gone, so that it can come back. */
  @WithDefault("90s")
  Duration replicaGrace();

  Attachments attachments();

  /** Where images go that workers send inside their transcripts. */
  interface Attachments {
    /** How long a worker's event waits for its images to be kept; they stay in it after that. */
    @WithDefault("5s")
    Duration timeout();
  }
}
