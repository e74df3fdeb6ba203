package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.spawn.RootsGate;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plugins, {@code R33} and {@code R34} of rest.md 4.10. */
@Path("/api/runners/{runnerId}/plugins")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class PluginsResource {
  private static final Pattern ABSOLUTE = Pattern.compile("(/|[A-Za-z]:[\\\\/]).*", Pattern.DOTALL);
  private static final RunnerCommand LIST =
      RunnerCommand.of("list_plugins", 15)
          .refusedIfNotOk(ErrorCode.FORBIDDEN, "Plugin scan rejected");
  private static final RunnerCommand SCAN = LIST.noAnswer("Failed to scan plugins");
  private static final RunnerCommand REFRESH = LIST.noAnswer("Failed to refresh plugins");

  private final RunnerRoutes routes;
  private final RunnerCommands commands;

  PluginsResource(RunnerRoutes routes, RunnerCommands commands) {
    this.routes = routes;
    this.commands = commands;
  }

  /** The runner's own plugins, or those that a session in a folder would have. */
  @GET
  public Uni<byte[]> list(
      @PathParam("runnerId") String runnerId, @QueryParam("cwd") @Nullable String cwd) {
    return routes.answer(
        runnerId,
        runner ->
            cwd == null || cwd.isEmpty()
                ? Future.succeededFuture(shown(RawObject.empty(), runner.info().get("plugins")))
                : scan(runner, cwd));
  }

  private Future<RawJson> scan(RunnerRecord runner, String cwd) {
    if (!ABSOLUTE.matcher(cwd).matches()) {
      throw RequestBody.invalid("cwd must be an absolute path");
    }
    if (!RootsGate.admits(runner.roots(), cwd)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "cwd outside allowed workspace roots");
    }
    return commands
        .runForObject(runner.id(), SCAN, RawObject.empty().put("cwd", cwd))
        .map(answer -> shown(RawObject.empty(), answer.get("plugins")));
  }

  @POST
  @Path("refresh")
  public Uni<byte[]> refresh(@PathParam("runnerId") String runnerId) {
    return routes.answer(
        runnerId,
        runner ->
            commands
                .runForObject(runner.id(), REFRESH, RawObject.empty())
                .map(answer -> shown(RawObject.empty().put("ok", true), answer.get("plugins"))));
  }

  private static RawJson shown(RawObject answer, @Nullable RawJson plugins) {
    return answer.put("plugins", plugins == null ? EmptyLists.EMPTY : plugins).toJson();
  }
}
