package dev.agentrelay.platform.config;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The shared settings outside a container. */
public final class TestingConfig {
  private TestingConfig() {}

  /** The defaults, and these settings. */
  public static RelayConfig with(Map<String, String> settings) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(RelayConfig.class)
            .withDefaultValue("quarkus.uuid", "r1");
    settings.forEach(builder::withDefaultValue);
    return builder.build().getConfigMapping(RelayConfig.class);
  }
}
