package dev.agentrelay.local.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;

/**
 * The hosts below {@link #DOMAIN}, each the origin of one tunnel (tunnel.md 7). Browsers take every
 * name below {@code localhost} for this machine, so nobody has to set up any.
 */
public final class TunnelHosts {
  /** Their parent. */
  public static final String DOMAIN = "tunnels.localhost";

  /** The service all of whose paths they are. */
  static final String SERVICE = "tunnel-service";

  private TunnelHosts() {}

  static boolean isMeant(HttpServerRequest request) {
    HostAndPort host = request.authority();
    return host != null && host.host().toLowerCase(Locale.ROOT).endsWith("." + DOMAIN);
  }
}
