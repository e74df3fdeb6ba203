package dev.agentrelay.platform.http;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorAnswer;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * HEAD and OPTIONS are methods like any other: where no resource asks for them there is nothing,
 * although the framework would answer in place of one (rest.md 1.1).
 */
public class UnservedMethods {
  private static final String API = "/api/";

  @ServerRequestFilter(preMatching = true)
  public @Nullable Response refuseOptions(ContainerRequestContext request) {
    return isFor(HttpMethod.OPTIONS, request) ? notFound() : null;
  }

  @ServerRequestFilter(priority = Priorities.AUTHENTICATION - 200)
  public @Nullable Response refuseHead(ContainerRequestContext request, ResourceInfo resource) {
    return isFor(HttpMethod.HEAD, request)
            && !resource.getResourceMethod().isAnnotationPresent(HEAD.class)
        ? notFound()
        : null;
  }

  private static boolean isFor(String method, ContainerRequestContext request) {
    return request.getMethod().equals(method) && request.getUriInfo().getPath().startsWith(API);
  }

  private static Response notFound() {
    return ErrorAnswer.response(ErrorCode.NOT_FOUND, "Not found");
  }
}
