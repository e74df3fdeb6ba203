package dev.agentrelay.auth.login;

import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** Says that logins are served here (rest.md 2.1). */
@OpenToAnyone
@Path("/api/auth/ok")
public class OkResource {
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Boolean> ok() {
    return Map.of("ok", true);
  }
}
