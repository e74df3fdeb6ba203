package dev.agentrelay.auth.exchange;

import dev.agentrelay.platform.identity.AuthServiceClient;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The public keys of signed identities, as a JWK set. */
@OpenToAnyone
@Path(AuthServiceClient.KEYS_PATH)
public class KeysResource {
  private final SigningKeys keys;

  KeysResource(SigningKeys keys) {
    this.keys = keys;
  }

  @GET
  @RunOnVirtualThread
  @Produces(MediaType.APPLICATION_JSON)
  public String keys() {
    return keys.publicKeys();
  }
}
