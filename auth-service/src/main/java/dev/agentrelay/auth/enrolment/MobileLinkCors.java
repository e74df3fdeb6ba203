package dev.agentrelay.auth.enrolment;

import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.http.TrustedOrigins;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Lets the mobile app call from its own pages, before it has any credential (rest.md X42). */
public class MobileLinkCors {
  private static final String LINKS = "/api/mobile-link/";
  private static final Set<String> APPS =
      Set.of("capacitor://localhost", "http://localhost", "ionic://localhost", "null");

  private final TrustedOrigins trusted;
  private final String ownOrigin;

  MobileLinkCors(TrustedOrigins trusted, RelayConfig config) {
    this.trusted = trusted;
    this.ownOrigin = TrustedOrigins.originOf(config.publicAddress().url().toString());
  }

  /** Before the gate that knows no OPTIONS. */
  @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION)
  public @Nullable Response preflight(ContainerRequestContext request) {
    return request.getMethod().equals(HttpMethod.OPTIONS) && path(request).startsWith(LINKS)
        ? Response.noContent().build()
        : null;
  }

  @ServerResponseFilter
  public void allow(ContainerRequestContext request, ContainerResponseContext response) {
    if (!isOpen(request)) {
      return;
    }
    String origin = request.getHeaderString("Origin");
    boolean known = origin != null && (trusted.contains(origin) || APPS.contains(origin));
    response.getHeaders().putSingle("Access-Control-Allow-Origin", known ? origin : ownOrigin);
    response.getHeaders().putSingle("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    response.getHeaders().putSingle("Access-Control-Allow-Headers", "Content-Type");
    response.getHeaders().putSingle("Vary", "Origin");
  }

  /** Everything about links but the approval, which happens on the web UI's own pages. */
  private static boolean isOpen(ContainerRequestContext request) {
    String path = path(request);
    boolean approval = path.endsWith("/approve") && request.getMethod().equals(HttpMethod.POST);
    return path.startsWith(LINKS) && !approval;
  }

  private static String path(ContainerRequestContext request) {
    return request.getUriInfo().getPath();
  }
}
