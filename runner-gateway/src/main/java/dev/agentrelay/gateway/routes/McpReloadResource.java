package dev.agentrelay.gateway.routes;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Has every worker of a runner load its MCP servers anew, {@code X10} of rest.md 7.2. */
@Path("/api/runners/{runnerId}/mcp/reload")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class McpReloadResource {
  private final RunnerRoutes routes;
  private final WorkerReloads reloads;

  McpReloadResource(RunnerRoutes routes, WorkerReloads reloads) {
    this.routes = routes;
    this.reloads = reloads;
  }

  @POST
  public Uni<byte[]> reload(@PathParam("runnerId") String runnerId) {
    return routes.answer(
        runnerId,
        runner ->
            reloads
                .mcp(runner)
                .map(told -> RawObject.empty().put("ok", true).putAll(told).toJson()));
  }
}
