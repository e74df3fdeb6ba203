package dev.agentrelay.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.auth.limit.LimitsConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthConfigTest {
  private static SmallRyeConfig config(Map<String, String> settings) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(AuthConfig.class)
            .withMapping(LimitsConfig.class);
    settings.forEach(builder::withDefaultValue);
    return builder.build();
  }

  @Test
  void isCarefulWithoutSettings() {
    AuthConfig auth = config(Map.of()).getConfigMapping(AuthConfig.class);
    assertThat(auth.secret()).isEmpty();
    assertThat(auth.previousSecrets()).isEmpty();
    assertThat(auth.secretFile()).isEmpty();
    assertThat(auth.closeSignupsAfterFirstUser()).isTrue();
    assertThat(auth.signingKeyLife()).isEqualTo(Duration.ofDays(30));
    assertThat(auth.auditKept()).isEqualTo(Duration.ofDays(90));
    assertThat(auth.cliVersion()).isEmpty();
    assertThat(auth.identityLife()).isEqualTo(Duration.ofMinutes(5));
    LimitsConfig limits = config(Map.of()).getConfigMapping(LimitsConfig.class);
    assertThat(limits.registerCalls()).isEqualTo(5);
    assertThat(limits.registerWindow()).isEqualTo(Duration.ofMinutes(15));
    assertThat(limits.passwordCalls()).isEqualTo(3);
    assertThat(limits.passwordWindow()).isEqualTo(Duration.ofSeconds(10));
    assertThat(limits.otherCalls()).isEqualTo(100);
    assertThat(limits.otherWindow()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void takesWhatOperatorsSet() {
    SmallRyeConfig config =
        config(
            Map.ofEntries(
                Map.entry("relay.auth.secret", "new"),
                Map.entry("relay.auth.previous-secrets", "old,older"),
                Map.entry("relay.auth.secret-file", "/data/secret"),
                Map.entry("relay.auth.close-signups-after-first-user", "false"),
                Map.entry("relay.auth.signing-key-life", "7d"),
                Map.entry("relay.auth.audit-kept", "1d"),
                Map.entry("relay.auth.cli-version", "0.52.0"),
                Map.entry("relay.auth.identity-life", "1m"),
                Map.entry("relay.limits.register-calls", "6"),
                Map.entry("relay.limits.register-window", "1h"),
                Map.entry("relay.limits.password-calls", "7"),
                Map.entry("relay.limits.password-window", "1m"),
                Map.entry("relay.limits.other-calls", "8"),
                Map.entry("relay.limits.other-window", "2m")));
    AuthConfig auth = config.getConfigMapping(AuthConfig.class);
    assertThat(auth.secret()).contains("new");
    assertThat(auth.previousSecrets().orElseThrow()).containsExactly("old", "older");
    assertThat(auth.secretFile()).contains(Path.of("/data/secret"));
    assertThat(auth.closeSignupsAfterFirstUser()).isFalse();
    assertThat(auth.signingKeyLife()).isEqualTo(Duration.ofDays(7));
    assertThat(auth.auditKept()).isEqualTo(Duration.ofDays(1));
    assertThat(auth.cliVersion()).contains("0.52.0");
    assertThat(auth.identityLife()).isEqualTo(Duration.ofMinutes(1));
    LimitsConfig limits = config.getConfigMapping(LimitsConfig.class);
    assertThat(limits.registerCalls()).isEqualTo(6);
    assertThat(limits.registerWindow()).isEqualTo(Duration.ofHours(1));
    assertThat(limits.passwordCalls()).isEqualTo(7);
    assertThat(limits.passwordWindow()).isEqualTo(Duration.ofMinutes(1));
    assertThat(limits.otherCalls()).isEqualTo(8);
    assertThat(limits.otherWindow()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void refusesAKeyThatNobodyKnows() {
    assertThatThrownBy(() -> config(Map.of("relay.auth.secert", "typo")))
        .hasMessageContaining("relay.auth.secert");
  }
}
