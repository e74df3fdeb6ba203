package dev.agentrelay.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayConfigTest {
  @Test
  void worksOnOneMachineWithoutSettings() {
    RelayConfig config = TestingConfig.with(Map.of());
    assertThat(config.auth().url()).isEqualTo(URI.create("http://127.0.0.1:7501"));
    assertThat(config.publicAddress().url()).isEqualTo(URI.create("http://localhost:7492"));
    assertThat(config.trusted().origins()).isEmpty();
    assertThat(config.replica().id()).isEqualTo("r1");
    assertThat(config.replica().address()).isEmpty();
  }

  @Test
  void takesWhatOperatorsSet() {
    RelayConfig config =
        TestingConfig.with(
            Map.of(
                "relay.public.url", "https://relay.example",
                "relay.trusted.origins", "https://a.example,https://b.example",
                "relay.replica.id", "gateway-3",
                "relay.replica.address", "10.0.0.3:7502"));
    assertThat(config.publicAddress().url()).isEqualTo(URI.create("https://relay.example"));
    assertThat(config.trusted().origins())
        .contains(List.of("https://a.example", "https://b.example"));
    assertThat(config.replica().id()).isEqualTo("gateway-3");
    assertThat(config.replica().address()).contains("10.0.0.3:7502");
  }

  @Test
  void refusesAKeyThatNobodyKnows() {
    assertThatThrownBy(() -> TestingConfig.with(Map.of("relay.auht.url", "http://typo")))
        .hasMessageContaining("relay.auht.url");
  }

  @Test
  void theSharedDefaultSecretHoldsOnLoopbackOnly() {
    RelayConfig config = TestingConfig.with(Map.of());
    assertThat(new InternalSecret(config, "127.0.0.1").matches(InternalSecret.LOOPBACK_ONLY))
        .isTrue();
    assertThatThrownBy(() -> new InternalSecret(config, "0.0.0.0"))
        .hasMessageContaining("relay.internal.secret must be set");
    RelayConfig set = TestingConfig.with(Map.of("relay.internal.secret", "a real one"));
    assertThat(new InternalSecret(set, "0.0.0.0").matches("a guess")).isFalse();
    assertThat(new InternalSecret(set, "0.0.0.0").matches(null)).isFalse();
  }
}
