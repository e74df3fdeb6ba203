package dev.agentrelay.gateway.routes;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Skills, {@code R10} to {@code R15} of rest.md 4.6 and {@code X9} of 7.2. */
@Path("/api/runners/{runnerId}/skills")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class SkillsResource extends CatalogResource {
  private final RunnerRoutes routes;
  private final WorkerReloads reloads;

  SkillsResource(RunnerRoutes routes, RunnerCommands commands, WorkerReloads reloads) {
    super(routes, commands, "skill", "Skill");
    this.routes = routes;
    this.reloads = reloads;
  }

  /** Scans anew and has every worker of the runner load what was found. */
  @POST
  @Path("reload")
  public Uni<byte[]> reload(@PathParam("runnerId") String runnerId) {
    return routes.answer(
        runnerId,
        runner ->
            scan(runner)
                .compose(
                    skills ->
                        reloads
                            .skills(runner)
                            .map(
                                told ->
                                    RawObject.empty()
                                        .put("ok", true)
                                        .put("skills", skills)
                                        .putAll(told)
                                        .toJson())));
  }
}
