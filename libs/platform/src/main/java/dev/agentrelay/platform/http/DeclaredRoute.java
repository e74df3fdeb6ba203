package dev.agentrelay.platform.http;

import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * The method and route that a request's resource declares, which hold no id; {@code none} where no
 * resource was found.
 */
public record DeclaredRoute(String method, String path) {
  private static final DeclaredRoute NONE = new DeclaredRoute("none", "none");

  public static DeclaredRoute of(ResteasyReactiveContainerRequestContext request) {
    return of(resource(request));
  }

  /** The resource that a request has found, if any. */
  public static @Nullable RuntimeResource resource(
      ResteasyReactiveContainerRequestContext request) {
    return ((ResteasyReactiveRequestContext) request.getServerRequestContext()).getTarget();
  }

  public static DeclaredRoute of(@Nullable RuntimeResource resource) {
    if (resource == null) {
      return NONE;
    }
    String method = resource.getPath().template;
    String whole =
        resource.getClassPath() == null ? method : resource.getClassPath().template + method;
    // a method without a path of its own counts as one of "/"
    return new DeclaredRoute(resource.getHttpMethod(), whole.replaceFirst("(?<=.)/$", ""));
  }
}
