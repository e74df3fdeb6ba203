package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.TrustedOrigins;
import dev.agentrelay.platform.identity.CallerFilter;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Set;

/** Keeps pages of other sites from using a person's cookies (tunnel.md 3.2 and 6). */
@Singleton
class OriginGate {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final TrustedOrigins trusted;

  OriginGate(TrustedOrigins trusted) {
    this.trusted = trusted;
  }

  /** Lets a request pass, or throws 403. */
  void check(HttpServerRequest request, boolean upgrade) {
    boolean gated =
        upgrade
            ? !request.headers().contains(CallerFilter.API_KEY_HEADER)
            : !SAFE.contains(request.method().name());
    if (gated && request.headers().contains(HttpHeaders.COOKIE) && !isOurs(request)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Cross-origin request rejected");
    }
  }

  private boolean isOurs(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null
        ? !"cross-site".equals(request.getHeader("sec-fetch-site"))
        : trusted.contains(origin);
  }
}
