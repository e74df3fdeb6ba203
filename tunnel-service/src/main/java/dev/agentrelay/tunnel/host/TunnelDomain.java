package dev.agentrelay.tunnel.host;

import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.tunnel.TunnelConfig;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The domain whose direct children are tunnels. One that shares cookies with the relay's own host
 * stops the start.
 */
@Startup
@Singleton
public class TunnelDomain {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]{16,64}");

  private final @Nullable URI domain;

  TunnelDomain(TunnelConfig config, RelayConfig relay) {
    this.domain = config.domain().map(TunnelDomain::parse).orElse(null);
    if (domain != null) {
      refuseOverlap(domain.getHost(), relay.publicAddress().url().getHost());
    }
  }

  private static URI parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String scheme =
        lower.contains("://") ? "" : isLocal(lower.split(":", 2)[0]) ? "http://" : "https://";
    URI uri = URI.create(scheme + lower);
    if (uri.getHost() == null) {
      throw new IllegalStateException("relay.tunnel.domain is no host: " + text);
    }
    return uri;
  }

  private static boolean isLocal(String host) {
    return host.equals("localhost") || host.endsWith(".localhost");
  }

  private static void refuseOverlap(String host, @Nullable String own) {
    boolean overlaps =
        own != null && (host.equals(own) || host.endsWith("." + own) || own.endsWith("." + host));
    if (overlaps && !isLocal(host)) {
      throw new IllegalStateException(
          "relay.tunnel.domain must not contain or be contained in the public host, because apps"
              + " would share its cookies: "
              + host);
    }
  }

  public boolean isConfigured() {
    return domain != null;
  }

  /** Whether a {@code Host} header names something below the domain, or the domain itself. */
  public boolean covers(@Nullable String host) {
    return domain != null
        && host != null
        && (name(host).equals(domain.getHost()) || name(host).endsWith("." + domain.getHost()));
  }

  /** The label in a {@code Host} header; empty for the domain itself and for deeper names. */
  public Optional<String> labelIn(String host) {
    String name = name(host);
    int end = domain == null ? 0 : name.length() - domain.getHost().length() - 1;
    String label = end > 0 ? name.substring(0, end) : "";
    return LABEL.matcher(label).matches() ? Optional.of(label) : Optional.empty();
  }

  /** Where a label's tunnel begins. */
  String urlOf(String label) {
    URI known = domain;
    if (known == null) {
      throw new IllegalStateException("no tunnel domain is configured");
    }
    String port = known.getPort() < 0 ? "" : ":" + known.getPort();
    return known.getScheme() + "://" + label + "." + known.getHost() + port + "/";
  }

  /** The scheme at which viewers reach the domain. */
  public String scheme() {
    return domain == null ? "https" : domain.getScheme();
  }

  private static String name(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    int colon = lower.indexOf(':');
    return colon < 0 ? lower : lower.substring(0, colon);
  }
}
