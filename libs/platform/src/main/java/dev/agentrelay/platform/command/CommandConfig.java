package dev.agentrelay.platform.command;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How this service sends commands to the gateways; only services that do so read it. */
@ConfigMapping(prefix = "relay.commands")
public interface CommandConfig {
  /** Which service this is, as its topic of answers names it. */
  @WithDefault("${quarkus.application.name}")
  String service();

  /** How long Kafka may take to accept a command before the caller is told to come back. */
  @WithDefault("3s")
  Duration acceptWithin();

  /** How many commands of one replica may wait for their answers; more are refused. */
  @WithDefault("10000")
  @Min(1)
  @Max(1_000_000)
  int outstanding();
}
