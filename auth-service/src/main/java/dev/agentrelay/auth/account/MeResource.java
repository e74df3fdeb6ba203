package dev.agentrelay.auth.account;

import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Tells callers who they are (rest.md X4). */
@Path("/api/me")
public class MeResource {
  private final CurrentCaller caller;

  MeResource(CurrentCaller caller) {
    this.caller = caller;
  }

  @GET
  @CallerRequired
  @Produces(MediaType.APPLICATION_JSON)
  public Caller me() {
    return caller.get();
  }
}
