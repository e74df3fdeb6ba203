package dev.agentrelay.session.snapshot;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a session as its kept state has them, which for an ended session is its last.
 * Beyond the reference.
 *
 * <p>{@code GET /api/sessions/{id}/messages?before=&limit=} answers {@code
 * {"messages","hasMore","oldestIndex","totalMessages"}}, the newest page without {@code before};
 * {@code oldestIndex} is the {@code before} of the page before it.
 */
@Path("/api/sessions/{sessionId}/messages")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class MessagesResource {
  private final CurrentCaller caller;
  private final OlderMessages messages;

  MessagesResource(CurrentCaller caller, OlderMessages messages) {
    this.caller = caller;
    this.messages = messages;
  }

  @GET
  public byte[] page(
      @PathParam("sessionId") String session,
      @QueryParam("before") @Nullable String before,
      @QueryParam("limit") @Nullable String limit)
      throws IOException {
    if (session.isBlank()) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Session not found");
    }
    return messages.page(new SessionId(session), caller.userId(), before, limit);
  }
}
