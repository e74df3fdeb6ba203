package dev.agentrelay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.platform.config.TestingConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrustedOriginsTest {
  @Test
  void trustsTheOwnOriginAndTheMobileApp() {
    TrustedOrigins origins = new TrustedOrigins(TestingConfig.with(Map.of()));
    assertThat(origins.contains("http://localhost:7492")).isTrue();
    assertThat(origins.contains("http://127.0.0.1:7492")).isTrue();
    assertThat(origins.contains("capacitor://localhost")).isTrue();
    assertThat(origins.contains("http://localhost")).isFalse();
    assertThat(origins.contains("null")).isFalse();
    assertThat(origins.contains(null)).isFalse();
  }

  @Test
  void trustsWhatOperatorsName() {
    TrustedOrigins origins =
        new TrustedOrigins(
            TestingConfig.with(
                Map.of(
                    "relay.public.url", "https://Relay.example:443/app",
                    "relay.trusted.origins", "https://other.example",
                    "relay.trusted.mobile-app", "false")));
    assertThat(origins.contains("https://relay.example")).isTrue();
    assertThat(origins.contains("https://other.example")).isTrue();
    assertThat(origins.contains("https://localhost")).isFalse();
    assertThat(origins.contains("https://relay.example.evil")).isFalse();
  }

  @Test
  void readsTheOriginOfAnAddress() {
    assertThat(TrustedOrigins.originOf("https://a.example/b?c")).isEqualTo("https://a.example");
    assertThat(TrustedOrigins.originOf("/relative")).isEmpty();
    assertThat(TrustedOrigins.originOf("not an address")).isEmpty();
  }
}
