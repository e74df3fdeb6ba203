package dev.agentrelay.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.platform.config.RelayConfig.Proxy.Trust;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorNamesTest {
  private static RelayConfig config(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withMapping(RelayConfig.class)
        .withDefaultValue("quarkus.uuid", "r1")
        .withSources(new OperatorNames(environment))
        .build()
        .getConfigMapping(RelayConfig.class);
  }

  @Test
  void settingsOfTheOriginalAreUnderstood() {
    RelayConfig config =
        config(
            Map.of(
                "PIZZAPI_BASE_URL", "https://relay.example",
                "BETTER_AUTH_BASE_URL", "https://auth.example/api",
                "PIZZAPI_EXTRA_ORIGINS", "https://one.example,https://two.example",
                "PIZZAPI_TRUST_MOBILE_ORIGINS", "off",
                "PIZZAPI_TRUSTED_PROXY_CIDRS", "203.0.113.0/24",
                "PIZZAPI_PROXY_DEPTH", "1",
                "PIZZAPI_API_KEY_RATE_LIMIT_ENABLED", "yes",
                "PIZZAPI_API_KEY_RATE_LIMIT_MAX_REQUESTS", "7",
                "PIZZAPI_API_KEY_RATE_LIMIT_TIME_WINDOW_MS", "90000"));
    assertThat(config.publicAddress().url()).isEqualTo(URI.create("https://relay.example"));
    assertThat(config.trusted().origins().orElseThrow())
        .containsExactly("https://one.example", "https://two.example", "https://auth.example");
    assertThat(config.trusted().mobileApp()).isFalse();
    assertThat(config.proxy().trust()).isEqualTo(Trust.LOOPBACK);
    assertThat(config.proxy().cidrs().orElseThrow()).containsExactly("203.0.113.0/24");
    assertThat(config.proxy().depth()).isEqualTo(1);
    assertThat(config.apiKeys().limited()).isTrue();
    assertThat(config.apiKeys().requests()).isEqualTo(7);
    assertThat(config.apiKeys().window()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void theFirstRuleForProxiesWins() {
    assertThat(config(Map.of()).proxy().trust()).isEqualTo(Trust.LOOPBACK);
    assertThat(config(Map.of("PIZZAPI_TRUST_PROXY", "true")).proxy().trust())
        .isEqualTo(Trust.PRIVATE);
    assertThat(
            config(
                    Map.of(
                        "PIZZAPI_TRUST_PROXY", "false",
                        "PIZZAPI_TRUSTED_PROXY_CIDRS", "203.0.113.7"))
                .proxy()
                .trust())
        .isEqualTo(Trust.NEVER);
  }

  @Test
  void secretsAndStoresAreUnderstoodAndNothingIsListed() {
    OperatorNames names =
        new OperatorNames(
            Map.of("BETTER_AUTH_SECRET", "a secret", "PIZZAPI_REDIS_URL", "redis://r:6379"));
    assertThat(names.getValue("relay.auth.secret")).isEqualTo("a secret");
    assertThat(names.getValue("quarkus.redis.hosts")).isEqualTo("redis://r:6379");
    assertThat(
            new OperatorNames(Map.of("PIZZAPI_REDIS_URL", "off")).getValue("quarkus.redis.hosts"))
        .isNull();
    assertThat(names.getValue("relay.unknown")).isNull();
    assertThat(names.getPropertyNames()).isEmpty();
  }

  /** Each name, what it is set to, and the setting that it becomes. */
  @ParameterizedTest
  @CsvSource({
    "PIZZAPI_DISABLE_SIGNUP_AFTER_FIRST_USER, No, relay.auth.close-signups-after-first-user, false",
    "PIZZAPI_ATTACHMENT_TTL_MS, 60000, relay.attachment.life, PT1M",
    "PIZZAPI_ATTACHMENT_MAX_FILE_SIZE_BYTES, 70, relay.attachment.largest-file, 70",
    "PIZZAPI_ATTACHMENT_DIR, /srv/files, relay.blob.folder, /srv/files",
    "VAPID_PUBLIC_KEY, BPub, relay.push.vapid.public-key, BPub",
    "VAPID_PRIVATE_KEY, priv, relay.push.vapid.private-key, priv",
    "VAPID_SUBJECT, mailto:a@example.com, relay.push.vapid.subject, mailto:a@example.com",
    "PIZZAPI_NTFY_URL, http://ntfy, relay.push.ntfy.url, http://ntfy",
    "PIZZAPI_NTFY_PUBLIC_URL, https://n.example, relay.push.ntfy.public-url, https://n.example",
    "PIZZAPI_NTFY_PUBLISH_TOKEN, tk, relay.push.ntfy.publish-token, tk",
    "PIZZAPI_TUNNEL_DOMAIN, t.example, relay.tunnel.domain, t.example",
    "PIZZAPI_TUNNEL_TOKEN_SECRET, new, relay.tunnel.token-secret, new",
    "PIZZAPI_TUNNEL_TOKEN_SECRET_PREVIOUS, old, relay.tunnel.token-secret-previous, old",
    "PIZZAPI_EPHEMERAL_TTL_MS, 600000, relay.gateway.ephemeral-ttl, PT10M",
    "PIZZAPI_EPHEMERAL_SWEEP_MS, 30000, relay.gateway.sweep-every, PT30S"
  })
  void aNameBecomesASetting(String name, String set, String setting, String value) {
    assertThat(new OperatorNames(Map.of(name, set)).getValue(setting)).isEqualTo(value);
    assertThat(new OperatorNames(Map.of(name, " ")).getValue(setting)).isNull();
  }

  @Test
  void everyServiceFindsThem() {
    assertThat(ServiceLoader.load(ConfigSource.class))
        .hasAtLeastOneElementOfType(OperatorNames.class);
  }
}
