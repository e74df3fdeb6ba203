package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.spawn.NameRule;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * The files of one kind that a runner works with, skills or agents: shown from its record, read and
 * changed by the runner (rest.md 4.6).
 */
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public abstract class CatalogResource {
  static final int WAIT_SECONDS = 10;

  private final RunnerRoutes routes;
  private final RunnerCommands commands;
  private final String noun;
  private final RunnerCommand get;
  private final RunnerCommand create;
  private final RunnerCommand update;
  private final RunnerCommand delete;
  private final RunnerCommand scan;

  /**
   * @param noun {@code skill} or {@code agent}, as events and texts have it
   */
  CatalogResource(RunnerRoutes routes, RunnerCommands commands, String noun, String title) {
    this.routes = routes;
    this.commands = commands;
    this.noun = noun;
    this.get =
        RunnerCommand.of("get_" + noun, WAIT_SECONDS)
            .refusedUnlessOk(ErrorCode.NOT_FOUND, title + " not found")
            .noAnswer("Failed to retrieve " + noun);
    this.create = change("create", ErrorCode.INVALID_REQUEST, "Failed to create " + noun);
    this.update = change("update", ErrorCode.INVALID_REQUEST, "Failed to update " + noun);
    this.delete = change("delete", ErrorCode.NOT_FOUND, title + " not found");
    this.scan =
        RunnerCommand.of("list_" + noun + "s", WAIT_SECONDS)
            .refusedUnlessOk(ErrorCode.INTERNAL, title + " scan failed")
            .noAnswer("Failed to refresh " + noun + "s");
  }

  private RunnerCommand change(String verb, ErrorCode code, String refusal) {
    return RunnerCommand.of(verb + "_" + noun, WAIT_SECONDS)
        .refusedUnlessOk(code, refusal)
        .noAnswer("Failed to " + verb + " " + noun);
  }

  @GET
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId) {
    return routes.show(
        runnerId, runner -> RawObject.empty().put(list(), orEmptyList(runner.info().get(list()))));
  }

  @GET
  @Path("{name}")
  public Uni<byte[]> get(@PathParam("runnerId") String runnerId, @PathParam("name") String name) {
    return routes.answer(
        runnerId,
        runner ->
            commands
                .runForObject(runner.id(), get, named(name))
                .map(
                    found ->
                        RawObject.empty()
                            .putIfPresent("name", found.get("name"))
                            .putIfPresent("content", found.get("content"))
                            .toJson()));
  }

  @POST
  public Uni<byte[]> create(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.answer(runnerId, runner -> create(runner, RequestBody.orEmpty(body)));
  }

  private Future<RawJson> create(RunnerRecord runner, RawObject body) {
    String name = body.trimmedText("name");
    if (name == null) {
      throw RequestBody.invalid("Missing " + noun + " name");
    }
    return changed(runner, create, named(name).put("content", content(body)));
  }

  @POST
  @Path("refresh")
  public Uni<byte[]> refresh(@PathParam("runnerId") String runnerId) {
    return routes.answer(runnerId, runner -> changed(runner, scan, RawObject.empty()));
  }

  @PUT
  @Path("{name}")
  public Uni<byte[]> update(
      @PathParam("runnerId") String runnerId,
      @PathParam("name") String name,
      byte @Nullable [] body) {
    return routes.answer(
        runnerId,
        runner ->
            changed(
                runner, update, named(name).put("content", content(RequestBody.orEmpty(body)))));
  }

  @DELETE
  @Path("{name}")
  public Uni<byte[]> delete(
      @PathParam("runnerId") String runnerId, @PathParam("name") String name) {
    return routes.answer(runnerId, runner -> changed(runner, delete, named(name)));
  }

  /** Scans anew and gives the whole list. */
  Future<RawJson> scan(RunnerRecord runner) {
    return commands
        .runForObject(runner.id(), scan, RawObject.empty())
        .map(answer -> orEmptyList(answer.get(list())));
  }

  private Future<RawJson> changed(RunnerRecord runner, RunnerCommand command, RawObject fields) {
    return commands
        .runForObject(runner.id(), command, fields)
        .map(
            answer ->
                RawObject.empty()
                    .put("ok", true)
                    .put(list(), orEmptyList(answer.get(list())))
                    .toJson());
  }

  private String list() {
    return noun + "s";
  }

  private RawObject named(String name) {
    if (!NameRule.admits(name)) {
      throw RequestBody.invalid("Invalid " + noun + " name");
    }
    return RawObject.empty().put("name", name);
  }

  private static String content(RawObject body) {
    String content = body.text("content");
    return content == null ? "" : content;
  }

  private static RawJson orEmptyList(@Nullable RawJson list) {
    return list == null ? EmptyLists.EMPTY : list;
  }
}
