package dev.agentrelay.platform.identity;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.platform.error.ErrorAnswer;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Lets only services of the suite through to what is meant for them. */
public class ServicesFilter {
  private final InternalSecret secret;

  ServicesFilter(InternalSecret secret) {
    this.secret = secret;
  }

  @ServicesOnly
  @ServerRequestFilter
  public @Nullable Response requireSecret(ContainerRequestContext request) {
    return secret.matches(request.getHeaderString(InternalSecret.HEADER))
        ? null
        : ErrorAnswer.response(ErrorCode.FORBIDDEN, "Forbidden");
  }
}
