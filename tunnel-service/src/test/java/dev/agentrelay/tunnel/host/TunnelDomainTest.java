package dev.agentrelay.tunnel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.tunnel.TunnelConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which domains tunnels may have (tunnel.md 7). */
class TunnelDomainTest {
  @ParameterizedTest
  @CsvSource({
    "relay.example, https://relay.example",
    "https://tunnels.relay.example, https://relay.example",
    "example:8443, https://relay.example",
    "RELAY.example, https://relay.example"
  })
  void oneThatSharesCookiesWithTheRelayStopsTheStart(String domain, String relay) {
    assertThatThrownBy(() -> domain(domain, relay))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("public host");
  }

  @ParameterizedTest
  @CsvSource({
    "tunnels.example, https://relay.example, https://L.tunnels.example/",
    "http://tunnels.example:81, https://relay.example, http://L.tunnels.example:81/",
    "myrelay.example, https://relay.example, https://L.myrelay.example/",
    "tunnels.localhost:7492, http://localhost:7492, http://L.tunnels.localhost:7492/"
  })
  void othersAreWhereTheirLabelsAre(String domain, String relay, String url) {
    assertThat(domain(domain, relay).urlOf("L")).isEqualTo(url);
  }

  private static TunnelDomain domain(String domain, String relay) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(RelayConfig.class)
            .withMapping(TunnelConfig.class)
            .withDefaultValue("quarkus.uuid", "r1")
            .withDefaultValue("relay.public.url", relay)
            .withDefaultValue("relay.tunnel.domain", domain)
            .build();
    return new TunnelDomain(
        config.getConfigMapping(TunnelConfig.class), config.getConfigMapping(RelayConfig.class));
  }
}
