package dev.agentrelay.session.pin;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.session.index.SessionIndex;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.time.Duration;

/** S3 and S4 of rest.md 5.1. */
@Path("/api/sessions/{sessionId}/pin")
@Produces("application/json;charset=utf-8")
@CallerRequired
public class PinResource {
  private static final int RETRIES = 3;
  private static final Duration RETRY_AFTER = Duration.ofMillis(250);

  /** The answer of both calls. */
  public record Pinned(boolean ok, boolean isPinned) {}

  private final CurrentCaller caller;
  private final SessionIndex index;

  PinResource(CurrentCaller caller, SessionIndex index) {
    this.caller = caller;
    this.index = index;
  }

  @PUT
  public Uni<Pinned> pin(@PathParam("sessionId") String sessionId) {
    return set(sessionId, true);
  }

  @DELETE
  public Uni<Pinned> unpin(@PathParam("sessionId") String sessionId) {
    return set(sessionId, false);
  }

  /** Tries again for a moment, because the row of a fresh session may still be on its way. */
  private Uni<Pinned> set(String sessionId, boolean pinned) {
    UserId user = caller.userId();
    if (sessionId.isBlank()) {
      return Uni.createFrom().failure(notFound());
    }
    SessionId session = new SessionId(sessionId);
    return Uni.createFrom()
        .item(() -> index.setPinned(user, session, pinned))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .map(
            found -> {
              if (!found) {
                throw notFound();
              }
              return new Pinned(true, pinned);
            })
        .onFailure(RelayException.class)
        .retry()
        .withBackOff(RETRY_AFTER, RETRY_AFTER)
        .withJitter(0)
        .atMost(RETRIES);
  }

  private static RelayException notFound() {
    return new RelayException(ErrorCode.NOT_FOUND, "Session not found or not owned by you");
  }
}
