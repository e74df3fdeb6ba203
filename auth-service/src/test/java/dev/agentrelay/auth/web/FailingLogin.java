package dev.agentrelay.auth.web;

import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Fails where only logins are served. */
@OpenToAnyone
@Path("/api/auth/failing")
public class FailingLogin {
  @GET
  public String bug() {
    throw new IllegalStateException("a secret detail");
  }
}
