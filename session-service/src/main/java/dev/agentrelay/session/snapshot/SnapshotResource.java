package dev.agentrelay.session.snapshot;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.platform.error.RelayException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** Gives the gateway the last state of a session that Redis has forgotten. */
@Path("/internal/sessions/{sessionId}/snapshot")
@Produces("application/json;charset=utf-8")
@Blocking
public class SnapshotResource {
  private final InternalSecret secret;
  private final StoredSnapshots snapshots;

  SnapshotResource(InternalSecret secret, StoredSnapshots snapshots) {
    this.secret = secret;
    this.snapshots = snapshots;
  }

  /**
   * The {@code session_active} event as the worker sent it; 404 unless the session is that user's.
   */
  @GET
  public byte[] get(
      @HeaderParam(InternalSecret.HEADER) @Nullable String presented,
      @PathParam("sessionId") String session,
      @QueryParam("userId") @Nullable String user) {
    if (!secret.matches(presented)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    if (user == null || user.isBlank() || session.isBlank()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing userId");
    }
    return snapshots
        .find(new SessionId(session), new UserId(user))
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
  }
}
