package dev.agentrelay.trigger.web;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorAnswer;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Refuses bodies over 1 MiB before anything else is looked at (rest.md 1.6). */
public class BodyLimit {
  private static final long LARGEST = 1 << 20;
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  @ServerRequestFilter(preMatching = true, priority = 0)
  public @Nullable Response check(ContainerRequestContext request) {
    return WITH_BODY.contains(request.getMethod()) && length(request) > LARGEST
        ? ErrorAnswer.response(
            ErrorCode.PAYLOAD_TOO_LARGE, "Payload Too Large: body exceeds 1048576 bytes")
        : null;
  }

  /** What the request says; the server itself stops a body that says nothing. */
  private static long length(ContainerRequestContext request) {
    try {
      String said = request.getHeaderString("content-length");
      return said == null ? 0 : Long.parseLong(said);
    } catch (NumberFormatException malformed) {
      return 0;
    }
  }
}
