package dev.agentrelay.auth.limit;

import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.platform.limit.RateLimiter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Limits calls under {@code /api/auth} by client address and path (rest.md 1.10). */
public class AuthLimits {
  private static final String PREFIX = "/api/auth/";
  private static final List<String> WITH_PASSWORD =
      List.of("sign-in", "sign-up", "change-password", "change-email");
  private static final String TEXT = "{\"message\":\"Too many requests. Please try again later.\"}";

  private final RateLimiter limiter;
  private final LimitsConfig limits;
  private final ClientAddress addresses;

  AuthLimits(RateLimiter limiter, LimitsConfig limits, ClientAddress addresses) {
    this.limiter = limiter;
    this.limits = limits;
    this.addresses = addresses;
  }

  @Priority(Priorities.AUTHENTICATION - 100)
  @ServerRequestFilter
  public Uni<@Nullable Response> check(ContainerRequestContext context, HttpServerRequest request) {
    String path = context.getUriInfo().getPath();
    if (!path.startsWith(PREFIX)) {
      return Uni.createFrom().nullItem();
    }
    String call = path.substring(PREFIX.length());
    String what = "auth:" + call + ":" + addresses.networkOf(request);
    boolean password = WITH_PASSWORD.stream().anyMatch(call::startsWith);
    Uni<Optional<Duration>> counted =
        password
            ? limiter.count(what, limits.passwordCalls(), limits.passwordWindow())
            : orElseLetThrough(limiter.count(what, limits.otherCalls(), limits.otherWindow()));
    return counted.map(AuthLimits::answer);
  }

  /** A page that cannot ask who is signed in shows the sign-in form: Redis away is no reason. */
  private static Uni<Optional<Duration>> orElseLetThrough(Uni<Optional<Duration>> counted) {
    return counted.onFailure().recoverWithItem(Optional.empty());
  }

  private static @Nullable Response answer(Optional<Duration> wait) {
    if (wait.isEmpty()) {
      return null;
    }
    long seconds = Math.max(1, -Math.floorDiv(-wait.get().toMillis(), 1000L));
    // Called JSON, since the web UI shows the message of nothing else.
    return Response.status(Response.Status.TOO_MANY_REQUESTS)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(TEXT)
        .header("X-Retry-After", seconds)
        .header("Retry-After", seconds)
        .build();
  }
}
