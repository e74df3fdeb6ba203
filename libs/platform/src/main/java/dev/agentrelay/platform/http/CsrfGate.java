package dev.agentrelay.platform.http;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorAnswer;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of other sites from acting with a person's cookies (rest.md 1.5). Calls under {@code
 * /api/auth} have rules of their own.
 */
public class CsrfGate {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final TrustedOrigins trusted;

  CsrfGate(TrustedOrigins trusted) {
    this.trusted = trusted;
  }

  @ServerRequestFilter(preMatching = true)
  public @Nullable Response check(ContainerRequestContext request) {
    boolean gated =
        !request.getUriInfo().getPath().startsWith("/api/auth/")
            && !SAFE.contains(request.getMethod())
            && request.getHeaderString("cookie") != null;
    return gated && !isOurs(request)
        ? ErrorAnswer.response(ErrorCode.FORBIDDEN, "Cross-origin request rejected")
        : null;
  }

  private boolean isOurs(ContainerRequestContext request) {
    String origin = request.getHeaderString("origin");
    return origin == null
        ? !"cross-site".equals(request.getHeaderString("sec-fetch-site"))
        : trusted.contains(origin);
  }
}
