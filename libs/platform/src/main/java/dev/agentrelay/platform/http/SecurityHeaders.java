package dev.agentrelay.platform.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Puts on every answer what browsers must keep to (rest.md 1.9). Set before the answer is made, so
 * that a tunnel can replace them by its own.
 */
@Singleton
public class SecurityHeaders {
  static final int PRIORITY = 500;

  /** The answers of services run no script, so no inline script is allowed by its hash. */
  private static final String CONTENT_POLICY =
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self' ws: wss:"
          + " blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self';"
          + " frame-src 'self'";

  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options",
          "nosniff",
          "X-XSS-Protection",
          "0",
          "Referrer-Policy",
          "strict-origin-when-cross-origin",
          "Permissions-Policy",
          "camera=(), microphone=(), geolocation=()",
          "X-Frame-Options",
          "DENY",
          "Content-Security-Policy",
          CONTENT_POLICY);

  void install(@Observes Filters filters) {
    filters.register(SecurityHeaders::add, PRIORITY);
  }

  private static void add(RoutingContext exchange) {
    MultiMap headers = exchange.response().headers();
    HEADERS.forEach(headers::set);
    exchange.next();
  }

  /** Takes them off an answer that has rules of its own. */
  public static void remove(HttpServerResponse response) {
    HEADERS.keySet().forEach(response.headers()::remove);
  }
}
