package dev.agentrelay.auth.web;

import dev.agentrelay.platform.error.ErrorBody;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Gives answers under {@code /api/auth} the form that its clients know (rest.md 2.1, 2.4). */
public class AuthErrors {
  static final String PREFIX = "/api/auth/";

  @ServerExceptionMapper
  public Response auth(AuthException failure) {
    Response.ResponseBuilder answer = Response.status(failure.status());
    AuthErrorBody body = failure.body();
    return body == null
        ? answer.build()
        : answer.type(MediaType.APPLICATION_JSON_TYPE).entity(body).build();
  }

  @ServerResponseFilter
  public void reshape(ContainerRequestContext request, ContainerResponseContext response) {
    if (!request.getUriInfo().getPath().startsWith(PREFIX)) {
      return;
    }
    if (response.getEntity() instanceof ErrorBody failure) {
      response.setEntity(reshape(response.getStatus(), failure));
    }
    if (response.hasEntity()
        && MediaType.APPLICATION_JSON_TYPE.isCompatible(response.getMediaType())) {
      response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
    }
  }

  private static @Nullable Object reshape(int status, ErrorBody failure) {
    return switch (status) {
      case 404 -> null;
      case 500 -> new AuthErrorBody("INTERNAL", "Auth error", "Auth error", null);
      default ->
          new AuthErrorBody(
              failure.code().toUpperCase(Locale.ROOT), failure.error(), failure.error(), null);
    };
  }
}
