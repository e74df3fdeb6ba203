package dev.agentrelay.gateway.socket;

import dev.agentrelay.platform.config.RelayConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The origins whose pages may act for a signed-in user, compared as exact text (sockets.md 1.4).
 */
@ApplicationScoped
public class TrustedOrigins {
  private static final List<String> MOBILE_SHELL =
      List.of("capacitor://localhost", "https://localhost");

  private final Set<String> origins = new HashSet<>(MOBILE_SHELL);

  TrustedOrigins(RelayConfig config) {
    URI address = config.publicAddress().url();
    origins.add(address.getScheme() + "://" + address.getRawAuthority());
    origins.addAll(config.trusted().origins().orElse(List.of()));
  }

  /** Whether a request may come from that origin; one that names none may. */
  public boolean admit(@Nullable String origin) {
    return origin == null || origins.contains(origin);
  }

  boolean contains(String origin) {
    return origins.contains(origin);
  }
}
