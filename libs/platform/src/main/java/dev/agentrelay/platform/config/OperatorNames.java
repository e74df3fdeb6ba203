package dev.agentrelay.platform.config;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The names of environment variables that operators of the original relay use (rest.md 8.2), so
 * that their compose files keep working. Our own names come before these, files come after.
 */
public final class OperatorNames implements ConfigSource {
  /** Below the environment, above {@code application.properties}. */
  private static final int ORDINAL = 290;

  private static final Set<String> YES = Set.of("1", "true", "yes", "on");
  private static final Set<String> NO = Set.of("0", "false", "no", "off");
  private static final Set<String> WITHOUT_REDIS = Set.of("off", "disabled", "none");

  private static final Map<String, Function<OperatorNames, @Nullable String>> SETTINGS =
      Map.ofEntries(
          Map.entry("quarkus.redis.hosts", OperatorNames::redis),
          Map.entry("relay.public.url", OperatorNames::publicUrl),
          Map.entry("relay.trusted.origins", OperatorNames::origins),
          Map.entry("relay.trusted.mobile-app", all -> all.flag("PIZZAPI_TRUST_MOBILE_ORIGINS")),
          Map.entry("relay.auth.secret", all -> all.text("BETTER_AUTH_SECRET")),
          Map.entry(
              "relay.auth.close-signups-after-first-user",
              all -> all.flag("PIZZAPI_DISABLE_SIGNUP_AFTER_FIRST_USER")),
          Map.entry(
              "relay.api-keys.limited", all -> all.flag("PIZZAPI_API_KEY_RATE_LIMIT_ENABLED")),
          Map.entry(
              "relay.api-keys.requests",
              all -> all.text("PIZZAPI_API_KEY_RATE_LIMIT_MAX_REQUESTS")),
          Map.entry(
              "relay.api-keys.window",
              all -> all.milliseconds("PIZZAPI_API_KEY_RATE_LIMIT_TIME_WINDOW_MS")),
          Map.entry("relay.proxy.trust", OperatorNames::proxyTrust),
          Map.entry("relay.proxy.cidrs", all -> all.text("PIZZAPI_TRUSTED_PROXY_CIDRS")),
          Map.entry("relay.proxy.depth", all -> all.text("PIZZAPI_PROXY_DEPTH")),
          Map.entry("relay.attachment.life", all -> all.milliseconds("PIZZAPI_ATTACHMENT_TTL_MS")),
          Map.entry(
              "relay.attachment.largest-file",
              all -> all.text("PIZZAPI_ATTACHMENT_MAX_FILE_SIZE_BYTES")),
          Map.entry("relay.blob.folder", all -> all.text("PIZZAPI_ATTACHMENT_DIR")),
          Map.entry("relay.push.vapid.public-key", all -> all.text("VAPID_PUBLIC_KEY")),
          Map.entry("relay.push.vapid.private-key", all -> all.text("VAPID_PRIVATE_KEY")),
          Map.entry("relay.push.vapid.subject", all -> all.text("VAPID_SUBJECT")),
          Map.entry("relay.push.ntfy.url", all -> all.text("PIZZAPI_NTFY_URL")),
          Map.entry("relay.push.ntfy.public-url", all -> all.text("PIZZAPI_NTFY_PUBLIC_URL")),
          Map.entry("relay.push.ntfy.publish-token", all -> all.text("PIZZAPI_NTFY_PUBLISH_TOKEN")),
          Map.entry("relay.tunnel.domain", all -> all.text("PIZZAPI_TUNNEL_DOMAIN")),
          Map.entry("relay.tunnel.token-secret", all -> all.text("PIZZAPI_TUNNEL_TOKEN_SECRET")),
          Map.entry(
              "relay.tunnel.token-secret-previous",
              all -> all.text("PIZZAPI_TUNNEL_TOKEN_SECRET_PREVIOUS")),
          Map.entry(
              "relay.gateway.ephemeral-ttl", all -> all.milliseconds("PIZZAPI_EPHEMERAL_TTL_MS")),
          Map.entry(
              "relay.gateway.sweep-every", all -> all.milliseconds("PIZZAPI_EPHEMERAL_SWEEP_MS")));

  private final Map<String, String> environment;

  public OperatorNames() {
    this(System.getenv());
  }

  OperatorNames(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String getValue(String property) {
    Function<OperatorNames, @Nullable String> setting = SETTINGS.get(property);
    return setting == null ? null : setting.apply(this);
  }

  /** None: a service that does not know a setting must not stumble over it. */
  @Override
  public Set<String> getPropertyNames() {
    return Set.of();
  }

  @Override
  public String getName() {
    return "names that operators already use";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }

  private @Nullable String text(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** {@code true} or {@code false}; what is neither counts as not set. */
  private @Nullable String flag(String name) {
    String value = text(name);
    String word = value == null ? "" : value.toLowerCase(Locale.ROOT);
    return YES.contains(word) ? "true" : NO.contains(word) ? "false" : null;
  }

  private @Nullable String milliseconds(String name) {
    String value = text(name);
    return value == null ? null : Duration.ofMillis(Long.parseLong(value)).toString();
  }

  /** The relay cannot do without Redis: a request to do so is not heard. */
  private @Nullable String redis() {
    String url = text("PIZZAPI_REDIS_URL");
    return url == null || WITHOUT_REDIS.contains(url.toLowerCase(Locale.ROOT)) ? null : url;
  }

  private @Nullable String publicUrl() {
    String base = text("PIZZAPI_BASE_URL");
    return base == null ? text("BETTER_AUTH_BASE_URL") : base;
  }

  private @Nullable String origins() {
    String origins =
        Stream.of(text("PIZZAPI_EXTRA_ORIGINS"), origin(text("BETTER_AUTH_BASE_URL")))
            .filter(text -> text != null)
            .collect(Collectors.joining(","));
    return origins.isEmpty() ? null : origins;
  }

  private static @Nullable String origin(@Nullable String url) {
    return url == null ? null : URI.create(url).resolve("/").toString().replaceAll("/$", "");
  }

  /** The first that applies: never, the listed networks, private ones (rest.md 1.8). */
  private @Nullable String proxyTrust() {
    String trust = flag("PIZZAPI_TRUST_PROXY");
    if ("false".equals(trust)) {
      return "never";
    }
    if (text("PIZZAPI_TRUSTED_PROXY_CIDRS") != null) {
      return "loopback";
    }
    return "true".equals(trust) ? "private" : null;
  }
}
