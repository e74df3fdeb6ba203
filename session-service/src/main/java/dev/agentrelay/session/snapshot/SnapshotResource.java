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
import org.jspecify.annotations.Nullable;

/** Gives the gateway the last state of a session that Redis has forgotten. */
@ServicesOnly
@Path("/internal/sessions/{sessionId}/snapshot")
@Produces("application/json;charset=utf-8")
@Blocking
public class SnapshotResource {
  private final StoredSnapshots snapshots;

  SnapshotResource(StoredSnapshots snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * The {@code session_active} event as the worker sent it; 404 unless the session is that user's.
   */
  @GET
  public byte[] get(
      @PathParam("sessionId") String session, @QueryParam("userId") @Nullable String user) {
    if (user == null || user.isBlank() || session.isBlank()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing userId");
    }
    return snapshots
        .find(new SessionId(session), new UserId(user))
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
  }
}
