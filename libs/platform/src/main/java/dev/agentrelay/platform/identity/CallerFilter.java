package dev.agentrelay.platform.identity;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorAnswer;
import dev.agentrelay.platform.identity.Identification.Known;
import dev.agentrelay.platform.identity.Identification.Unavailable;
import dev.agentrelay.platform.identity.Identification.Unknown;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Lets a request through to a guarded resource once its caller is known (rest.md 1.2). */
public class CallerFilter {
  public static final String API_KEY_HEADER = "x-api-key";

  private final RequestIdentifier identifier;
  private final CurrentCaller current;

  CallerFilter(RequestIdentifier identifier, CurrentCaller current) {
    this.identifier = identifier;
    this.current = current;
  }

  @CallerRequired
  @ServerRequestFilter
  public Uni<@Nullable Response> requireCaller(ContainerRequestContext request) {
    return identifier
        .identify(
            request.getHeaderString(API_KEY_HEADER),
            request.getHeaderString(HttpHeaders.COOKIE),
            request.getHeaderString(HttpHeaders.AUTHORIZATION))
        .map(this::admit);
  }

  @ApiKeyRequired
  @ServerRequestFilter
  public Uni<@Nullable Response> requireApiKey(ContainerRequestContext request) {
    String key = request.getHeaderString(API_KEY_HEADER);
    String bearer = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if ((key == null || key.isEmpty()) && RequestIdentifier.bearer(bearer).isEmpty()) {
      return Uni.createFrom()
          .item(ErrorAnswer.response(ErrorCode.UNAUTHORIZED, "API key required"));
    }
    return identifier.identify(key, null, bearer).map(this::admit);
  }

  private @Nullable Response admit(Identification found) {
    return switch (found) {
      case Known known -> {
        current.set(known.caller());
        yield null;
      }
      case Unknown unknown ->
          Response.status(Response.Status.UNAUTHORIZED)
              .type(MediaType.TEXT_PLAIN_TYPE)
              .entity(unknown.reason().text())
              .build();
      case Unavailable unavailable -> ErrorAnswer.unavailable();
    };
  }
}
