package dev.agentrelay.session.pin;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** The pin is one of the few paths that tell which methods they take, to anybody (rest.md 1.1). */
public class PinMethods {
  private static final Pattern PATH = Pattern.compile("/api/sessions/[^/]+/pin");
  private static final Set<String> METHODS = Set.of("PUT", "DELETE");

  @ServerRequestFilter(preMatching = true)
  public Optional<Response> refuseOthers(ContainerRequestContext request) {
    boolean refused =
        PATH.matcher(request.getUriInfo().getPath()).matches()
            && !METHODS.contains(request.getMethod());
    return refused
        ? Optional.of(
            Response.status(Response.Status.METHOD_NOT_ALLOWED)
                .header(HttpHeaders.ALLOW, "PUT, DELETE")
                .entity("Method not allowed")
                .build())
        : Optional.empty();
  }
}
