package dev.agentrelay.push.vapid;

import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** P1 of rest.md 6.3: the key that a browser subscribes with. For everybody. */
@Path("/api/push/vapid-public-key")
@Produces(MediaType.APPLICATION_JSON)
public class VapidResource {
  private final VapidKeys keys;

  /** The answer. */
  public record PublicKey(String publicKey) {}

  VapidResource(VapidKeys keys) {
    this.keys = keys;
  }

  @GET
  @OpenToAnyone
  @Blocking
  public PublicKey publicKey() {
    return new PublicKey(keys.publicKey());
  }
}
