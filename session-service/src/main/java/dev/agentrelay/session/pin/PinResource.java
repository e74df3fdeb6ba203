package dev.agentrelay.session.pin;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.live.LiveSessions;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

/** S3 and S4 of rest.md 5.1. */
@Path("/api/sessions/{sessionId}/pin")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class PinResource {

  /** The answer of both calls. */
  public record Pinned(boolean ok, boolean isPinned) {}

  private final CurrentCaller caller;
  private final SessionIndex index;
  private final LiveSessions live;

  PinResource(CurrentCaller caller, SessionIndex index, LiveSessions live) {
    this.caller = caller;
    this.index = index;
    this.live = live;
  }

  @PUT
  public Pinned pin(@PathParam("sessionId") String sessionId) {
    return set(sessionId, true);
  }

  @DELETE
  public Pinned unpin(@PathParam("sessionId") String sessionId) {
    return set(sessionId, false);
  }

  private Pinned set(String sessionId, boolean pinned) {
    UserId user = caller.userId();
    boolean found =
        !sessionId.isBlank()
            && (index.setPinned(user, new SessionId(sessionId), pinned)
                || setOnFresh(user, new SessionId(sessionId), pinned));
    if (!found) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Session not found or not owned by you");
    }
    return new Pinned(true, pinned);
  }

  /**
   * The row of a session that has just registered may still be on its way; it is made here then.
   */
  private boolean setOnFresh(UserId user, SessionId session, boolean pinned) {
    return live.find(session)
        .filter(record -> record.userId().equals(user))
        .map(
            record -> {
              index.addLive(record);
              return index.setPinned(user, session, pinned);
            })
        .orElse(false);
  }
}
