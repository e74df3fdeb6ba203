package dev.agentrelay.gateway.routes;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import dev.agentrelay.platform.preferences.UserPreferences;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models a runner can use, {@code R8} of rest.md 4.5. */
@Path("/api/runners/{runnerId}/models")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {
  private static final RunnerCommand LIST = RunnerCommand.of("list_models", 15);

  private final RunnerRoutes routes;
  private final RunnerCommands commands;
  private final PreferenceDirectory preferences;

  ModelsResource(RunnerRoutes routes, RunnerCommands commands, PreferenceDirectory preferences) {
    this.routes = routes;
    this.commands = commands;
    this.preferences = preferences;
  }

  /** Without those that the caller has hidden. A runner that gives no list has no models. */
  @GET
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId) {
    return routes.answer(
        runnerId,
        runner ->
            UniHelper.toFuture(preferences.of(runner.user()))
                .compose(preferred -> models(runner).map(models -> shown(models, preferred))));
  }

  private Future<List<RawJson>> models(RunnerRecord runner) {
    return commands
        .runForObject(runner.id(), LIST, RawObject.empty())
        .map(answer -> JsonValues.elements(answer.get("models")))
        .map(models -> models == null ? List.<RawJson>of() : models)
        .recover(
            failure ->
                failure instanceof RelayException
                    ? Future.succeededFuture(List.of())
                    : Future.failedFuture(failure));
  }

  private static RawJson shown(List<RawJson> models, UserPreferences preferred) {
    List<RawJson> shown =
        models.stream().filter(model -> !isHidden(RawObject.parse(model), preferred)).toList();
    return RawObject.empty().put("models", JsonValues.array(shown)).toJson();
  }

  private static boolean isHidden(@Nullable RawObject model, UserPreferences preferred) {
    String provider = model == null ? null : model.text("provider");
    String id = model == null ? null : model.text("id");
    return provider != null && id != null && preferred.hides(provider, id);
  }
}
