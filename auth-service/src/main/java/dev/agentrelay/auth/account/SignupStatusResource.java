package dev.agentrelay.auth.account;

import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Tells whether an account can be made (rest.md X5). */
@OpenToAnyone
@Path("/api/signup-status")
public class SignupStatusResource {
  private final Accounts accounts;

  SignupStatusResource(Accounts accounts) {
    this.accounts = accounts;
  }

  record SignupStatus(boolean signupEnabled) {}

  @GET
  @RunOnVirtualThread
  @Produces(MediaType.APPLICATION_JSON)
  public SignupStatus status() {
    return new SignupStatus(accounts.signUpsOpen());
  }
}
