package dev.agentrelay.gateway.routes;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The models a runner can use, {@code R8} of rest.md 4.5. */
@Path("/api/runners/{runnerId}/models")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {
  private static final RunnerCommand LIST = RunnerCommand.of("list_models", 15);

  private final RunnerRoutes routes;
  private final RunnerCommands commands;

  ModelsResource(RunnerRoutes routes, RunnerCommands commands) {
    this.routes = routes;
    this.commands = commands;
  }

  /** A runner that gives no list has no models. */
  @GET
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId) {
    return routes.answer(
        runnerId,
        runner ->
            commands
                .runForObject(runner.id(), LIST, RawObject.empty())
                .map(answer -> models(answer.get("models")))
                .recover(
                    failure ->
                        failure instanceof RelayException
                            ? Future.succeededFuture(models(null))
                            : Future.failedFuture(failure)));
  }

  private static RawJson models(@Nullable RawJson found) {
    boolean list = JsonValues.elements(found) != null;
    return RawObject.empty().put("models", list ? found : EmptyLists.EMPTY).toJson();
  }
}
