package dev.agentrelay.gateway.routes;

import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Stops a daemon, {@code R4} of rest.md 4.3. */
@Path("/api/runners/stop")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class StopResource {
  private final RunnerOrders orders;

  StopResource(RunnerOrders orders) {
    this.orders = orders;
  }

  @POST
  public Uni<byte[]> stop(byte @Nullable [] body) {
    return orders.give("shutdown", body);
  }
}
