package dev.agentrelay.auth.login;

import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Passwords are not reset by mail: the relay sends none (rest.md 2.1). */
@OpenToAnyone
@Path("/api/auth/request-password-reset")
public class PasswordResetResource {

  @POST
  public Response refuse() {
    throw AuthError.RESET_PASSWORD_ISNT_ENABLED.failure();
  }
}
