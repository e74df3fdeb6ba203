package dev.agentrelay.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How webhook-service keeps secrets and deliveries. */
@ConfigMapping(prefix = "relay.webhook")
public interface WebhookConfig {

  /**
   * Encrypts the webhooks' secrets, the same in every replica; {@code relay.internal.secret} when
   * absent. Webhooks whose secrets were encrypted under another one answer 500, and show no secret,
   * until their owners rotate it.
   */
  Optional<@Size(min = 32) String> sealingSecret();

  /** How long both secrets count after a rotation that does not say. */
  @WithDefault("24h")
  Duration rotationOverlap();

  /** How long a sender's delivery id gets the first answer again. */
  @WithDefault("24h")
  Duration senderIdLife();

  /** How many requests of one replica may wait for runners at the same time. */
  @WithDefault("2000")
  @Min(1)
  int mostWaiting();

  /**
   * How long whoever works on a delivery has for its next step; after that it is taken for dead and
   * somebody else goes on. Longer than any step takes.
   */
  @WithDefault("30s")
  Duration lease();

  /**
   * When a trigger is told again that a worker's socket took and the worker did not acknowledge:
   * once for each, so long after the time before.
   */
  @WithDefault("5s,15s,20s,20s,20s,20s,20s,20s")
  List<Duration> tellAgainAfter();

  Ledger ledger();

  Queue queue();

  /** What is kept of deliveries. */
  interface Ledger {
    /** How long a delivery is listed. */
    @WithDefault("30d")
    Duration life();

    /** How long a delivery's body is kept, and can be fired again. */
    @WithDefault("7d")
    Duration bodyLife();

    /** Time between two clean-ups. */
    @WithDefault("10m")
    Duration sweepEvery();
  }

  /** Deliveries that wait for a runner. */
  interface Queue {
    /** How long a delivery waits before it has failed. */
    @WithDefault("24h")
    Duration life();

    /** How many deliveries of one webhook may wait. */
    @WithDefault("1000")
    @Min(1)
    int capacity();

    /** Time between two looks for deliveries that nobody works on. */
    @WithDefault("5s")
    Duration sweepEvery();
  }
}
