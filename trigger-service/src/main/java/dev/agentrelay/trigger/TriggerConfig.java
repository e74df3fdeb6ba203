package dev.agentrelay.trigger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;

/** How trigger-service delivers, and what it remembers. */
@ConfigMapping(prefix = "relay.trigger")
public interface TriggerConfig {

  Delivery delivery();

  Spawn spawn();

  Memory memory();

  /** How a trigger is handed to a worker. */
  interface Delivery {
    /**
     * How long a trigger waits for a worker that is between two connections before its session
     * counts as not connected.
     */
    @WithDefault("2s")
    Duration reconnectWait();

    /** How long a delivery may take beyond such waits before its outcome counts as unknown. */
    @WithDefault("6s")
    Duration answerWithin();

    /** How many deliveries of one broadcast are under way at a time. */
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int atOnce();

    /**
     * How many bytes of triggers are on their way to workers at a time; what comes on top waits,
     * and is answered 503 when it waits for too long. Each byte costs about five of memory.
     */
    @WithDefault("8388608")
    @Min(1)
    int bytesAtOnce();

    /**
     * For how long a delivery of unknown outcome is taken up again when the caller repeats it, so
     * that the worker is not told twice.
     */
    @WithDefault("2m")
    Duration repeatWithin();

    /**
     * When a trigger is told again that a worker's socket took and the worker did not acknowledge:
     * once for each, so long after the time before.
     */
    @WithDefault("5s,15s,20s,20s,20s,20s,20s,20s")
    List<Duration> tellAgainAfter();
  }

  /** How a listener starts a session. */
  interface Spawn {
    /** How long the worker of a started session may take to connect. */
    @WithDefault("15s")
    Duration workerWait();

    /** How many sessions one broadcast starts at a time. */
    @WithDefault("8")
    @Min(1)
    @Max(1_000)
    int atOnce();
  }

  /** What is forgotten, and when. */
  interface Memory {
    /** Time between two looks at what can be forgotten. */
    @WithDefault("60s")
    Duration every();

    /** How long a session's history is kept after its last entry. */
    @WithDefault("24h")
    Duration history();

    /** How long an event is remembered, so that the same fire is delivered once. */
    @WithDefault("7d")
    Duration events();

    /** How long the owner of a session is remembered after its end when nothing refers to it. */
    @WithDefault("30d")
    Duration sessions();
  }
}
