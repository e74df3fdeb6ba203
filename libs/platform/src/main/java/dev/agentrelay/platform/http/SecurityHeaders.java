package dev.agentrelay.platform.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

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

  void install(@Observes Filters filters) {
    filters.register(SecurityHeaders::add, PRIORITY);
  }

  private static void add(RoutingContext exchange) {
    MultiMap headers = exchange.response().headers();
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-XSS-Protection", "0");
    headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
    headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Content-Security-Policy", CONTENT_POLICY);
    exchange.next();
  }
}
