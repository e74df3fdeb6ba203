package dev.agentrelay.gateway.routes;

import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Restarts a daemon, {@code R3} of rest.md 4.3. */
@Path("/api/runners/restart")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class RestartResource {
  private final RunnerOrders orders;

  RestartResource(RunnerOrders orders) {
    this.orders = orders;
  }

  @POST
  public Uni<byte[]> restart(byte @Nullable [] body) {
    return orders.give("restart", body);
  }
}
