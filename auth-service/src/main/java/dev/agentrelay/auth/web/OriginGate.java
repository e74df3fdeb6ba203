package dev.agentrelay.auth.web;

import dev.agentrelay.platform.http.TrustedOrigins;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Keeps other sites' pages from acting under {@code /api/auth} (rest.md 2.3). */
public class OriginGate {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final List<String> FETCH_METADATA =
      List.of("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest");

  private final TrustedOrigins trusted;

  OriginGate(TrustedOrigins trusted) {
    this.trusted = trusted;
  }

  @Priority(Priorities.AUTHENTICATION)
  @ServerRequestFilter
  public void check(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    if (!path.startsWith(AuthErrors.PREFIX) || SAFE.contains(request.getMethod())) {
      return;
    }
    if (request.getHeaderString("cookie") != null) {
      requireTrusted(request);
    } else if (isLogin(path) && isFromBrowser(request)) {
      refuseCrossSiteNavigation(request);
      requireTrusted(request);
    }
  }

  private static boolean isLogin(String path) {
    return path.startsWith(AuthErrors.PREFIX + "sign-in/")
        || path.startsWith(AuthErrors.PREFIX + "sign-up/");
  }

  private static boolean isFromBrowser(ContainerRequestContext request) {
    return FETCH_METADATA.stream().anyMatch(name -> request.getHeaderString(name) != null);
  }

  private static void refuseCrossSiteNavigation(ContainerRequestContext request) {
    if ("cross-site".equals(request.getHeaderString("sec-fetch-site"))
        && "navigate".equals(request.getHeaderString("sec-fetch-mode"))) {
      throw AuthError.CROSSSITE_NAVIGATION_LOGIN_BLOCKED_THIS_REQUEST_APPEARS_TO_BE_A_CSRF_ATTACK
          .failure();
    }
  }

  private void requireTrusted(ContainerRequestContext request) {
    String origin = request.getHeaderString("origin");
    if (origin == null) {
      origin = originOf(request.getHeaderString("referer"));
    }
    if (origin == null || origin.isEmpty() || origin.equals("null")) {
      throw AuthError.MISSING_OR_NULL_ORIGIN.failure();
    }
    if (!trusted.contains(origin)) {
      throw AuthError.INVALID_ORIGIN.failure();
    }
  }

  private static @Nullable String originOf(@Nullable String referer) {
    return referer == null ? null : TrustedOrigins.originOf(referer);
  }
}
