package dev.agentrelay.gateway.eventlog;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** What of the workers' events is said on Kafka. */
@ConfigMapping(prefix = "relay.event-log")
public interface EventLogConfig {
  /** Whether events are said at all. */
  @WithDefault("true")
  boolean enabled();

  /**
   * How many bytes an event may have to be said as it is; of a larger one only its type is said.
   */
  @WithDefault("262144")
  @Min(1_024)
  @Max(900_000)
  int largestEvent();

  /** How many bytes of events may wait for Kafka; beyond that they are missing in the log. */
  @WithDefault("33554432")
  @Min(1_048_576)
  long bufferBytes();
}
