package dev.agentrelay.gateway.routes;

import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.platform.identity.CallerRequired;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Agents, {@code R27} to {@code R32} of rest.md 4.6. */
@Path("/api/runners/{runnerId}/agents")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class AgentsResource extends CatalogResource {
  AgentsResource(RunnerRoutes routes, RunnerCommands commands) {
    super(routes, commands, "agent", "Agent");
  }
}
