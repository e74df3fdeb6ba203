package dev.agentrelay.gateway.command;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How the gateway carries out the commands of other services. */
@ConfigMapping(prefix = "relay.gateway.commands")
public interface CommandRunConfig {
  /** How many commands one replica has under way before it reads no more of them. */
  @WithDefault("1024")
  @Min(1)
  @Max(100_000)
  int running();

  /** How long it is remembered what became of a command. */
  @WithDefault("1h")
  Duration memory();

  /** How long a worker that acknowledges triggers is given to do so. */
  @WithDefault("3s")
  Duration triggerAckWait();
}
