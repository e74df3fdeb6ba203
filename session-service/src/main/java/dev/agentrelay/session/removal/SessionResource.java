package dev.agentrelay.session.removal;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.session.live.LiveSessions;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

/**
 * Lets a user delete a session that has ended, with its snapshot, events and attachments. Beyond
 * the reference.
 */
@Path("/api/sessions")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class SessionResource {

  /** The answer. */
  public record Deleted(boolean ok) {}

  private final CurrentCaller caller;
  private final LiveSessions live;
  private final Removal removal;

  SessionResource(CurrentCaller caller, LiveSessions live, Removal removal) {
    this.caller = caller;
    this.live = live;
    this.removal = removal;
  }

  @DELETE
  @Path("/{sessionId}")
  public Deleted delete(@PathParam("sessionId") String sessionId) {
    UserId user = caller.userId();
    if (sessionId.isBlank()) {
      throw notFound();
    }
    SessionId session = new SessionId(sessionId);
    if (live.find(session).filter(record -> record.userId().equals(user)).isPresent()) {
      throw new RelayException(ErrorCode.CONFLICT, "Session is live");
    }
    if (!removal.removeFor(user, session)) {
      throw notFound();
    }
    return new Deleted(true);
  }

  private static RelayException notFound() {
    return new RelayException(ErrorCode.NOT_FOUND, "Session not found or not owned by you");
  }
}
