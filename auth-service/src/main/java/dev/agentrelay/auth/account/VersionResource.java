package dev.agentrelay.auth.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.platform.identity.OpenToAnyone;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Tells which version of the CLI is the latest, as far as the operator says (rest.md X3). */
@OpenToAnyone
@Path("/api/version")
public class VersionResource {
  private final AuthConfig config;

  VersionResource(AuthConfig config) {
    this.config = config;
  }

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Latest(@Nullable String version) {}

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Latest latest() {
    return new Latest(config.cliVersion().orElse(null));
  }
}
