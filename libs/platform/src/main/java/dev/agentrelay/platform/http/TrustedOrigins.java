package dev.agentrelay.platform.http;

import dev.agentrelay.platform.config.RelayConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The origins whose pages may act for a signed-in user (rest.md 1.5, 2.3; sockets.md 1.4). */
@ApplicationScoped
public class TrustedOrigins {
  private static final List<String> MOBILE_APP =
      List.of("capacitor://localhost", "https://localhost");
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");

  private final Set<String> trusted = new HashSet<>();

  TrustedOrigins(RelayConfig config) {
    URI own = config.publicAddress().url();
    trusted.add(origin(own));
    if (LOOPBACK.contains(own.getHost())) {
      LOOPBACK.forEach(name -> trusted.add(origin(own.getScheme(), name, own.getPort())));
    }
    trusted.addAll(config.trusted().origins().orElse(List.of()));
    if (config.trusted().mobileApp()) {
      trusted.addAll(MOBILE_APP);
    }
  }

  /**
   * Whether this is exactly one of the trusted origins; {@code null} and {@code "null"} are not.
   */
  public boolean contains(@Nullable String origin) {
    return origin != null && trusted.contains(origin);
  }

  /** The origin part of an absolute address, as browsers write it; empty text when it has none. */
  public static String originOf(String address) {
    try {
      URI uri = new URI(address);
      return uri.getScheme() == null || uri.getHost() == null ? "" : origin(uri);
    } catch (URISyntaxException malformed) {
      return "";
    }
  }

  private static String origin(URI uri) {
    return origin(uri.getScheme(), uri.getHost(), uri.getPort());
  }

  private static String origin(String scheme, String host, int port) {
    String name = (scheme + "://" + host).toLowerCase(Locale.ROOT);
    boolean usual =
        port < 0
            || (port == 80 && scheme.equals("http"))
            || (port == 443 && scheme.equals("https"));
    return usual ? name : name + ":" + port;
  }
}
