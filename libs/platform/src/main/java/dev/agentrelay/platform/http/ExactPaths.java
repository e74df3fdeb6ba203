package dev.agentrelay.platform.http;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorAnswer;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/** A path with a slash at its end is another path, and there is nothing (rest.md 1.1). */
public class ExactPaths {

  @ServerRequestFilter(preMatching = true)
  public Optional<Response> refuseTrailingSlash(ResteasyReactiveContainerRequestContext request) {
    String path = request.getUriInfo().getRequestUri().getRawPath();
    return path.length() > 1 && path.endsWith("/")
        ? Optional.of(ErrorAnswer.response(ErrorCode.NOT_FOUND, "Not found"))
        : Optional.empty();
  }
}
