package dev.agentrelay.session.snapshot;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.ServicesOnly;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Gives the gateway the last state of a session that has ended, whole or a page of its messages.
 */
@ServicesOnly
@Path("/internal/sessions/{sessionId}")
@Produces("application/json;charset=utf-8")
@Blocking
public class SnapshotResource {
  private final StoredSnapshots snapshots;
  private final OlderMessages messages;

  SnapshotResource(StoredSnapshots snapshots, OlderMessages messages) {
    this.snapshots = snapshots;
    this.messages = messages;
  }

  /** The state as {@link KeptState#toJson}; 404 unless the session is that user's. */
  @GET
  @Path("/snapshot")
  public byte[] snapshot(
      @PathParam("sessionId") String session, @QueryParam("userId") @Nullable String user) {
    return snapshots
        .find(named(session), required(user))
        .map(KeptState::toJson)
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
  }

  /** A page as {@link MessagesResource} gives it to the user. */
  @GET
  @Path("/messages")
  public byte[] messages(
      @PathParam("sessionId") String session,
      @QueryParam("userId") @Nullable String user,
      @QueryParam("before") @Nullable String before,
      @QueryParam("limit") @Nullable String limit)
      throws IOException {
    return messages.page(named(session), required(user), before, limit);
  }

  private static SessionId named(String session) {
    if (session.isBlank()) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Session not found");
    }
    return new SessionId(session);
  }

  private static UserId required(@Nullable String user) {
    if (user == null || user.isBlank()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing userId");
    }
    return new UserId(user);
  }
}
