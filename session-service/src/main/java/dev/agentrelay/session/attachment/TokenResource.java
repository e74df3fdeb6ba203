package dev.agentrelay.session.attachment;

import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

/** X27 of rest.md 7.3. */
@Path("/api/attachments/{attachmentId}/token")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class TokenResource {
  private final CurrentCaller caller;
  private final AttachmentAccess access;
  private final AttachmentTokens tokens;

  TokenResource(CurrentCaller caller, AttachmentAccess access, AttachmentTokens tokens) {
    this.caller = caller;
    this.access = access;
    this.tokens = tokens;
  }

  @POST
  public AttachmentTokens.Token mint(@PathParam("attachmentId") String id) {
    return tokens.mint(caller.userId(), access.forUser(id, caller.userId()).id());
  }
}
