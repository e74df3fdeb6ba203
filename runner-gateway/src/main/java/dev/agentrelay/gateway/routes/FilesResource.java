package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.gateway.request.RunnerCommands.Running;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.spawn.RootsGate;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** A runner's files, {@code R16} to {@code R18} of rest.md 4.7 and {@code X6} of 7.2. */
@Path("/api/runners/{runnerId}")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class FilesResource {
  private static final RunnerCommand LIST =
      RunnerCommand.of("list_files", 15)
          .refusedUnlessOk(ErrorCode.INTERNAL, "Failed to list files");
  private static final RunnerCommand SEARCH =
      RunnerCommand.of("search_files", 15).refusedUnlessOk(ErrorCode.INTERNAL, "Search failed");
  private static final RunnerCommand READ_TEXT = read(15);
  private static final RunnerCommand READ_BYTES = read(30);
  private static final RunnerCommand BROWSE =
      RunnerCommand.of("browse_directory", 10)
          .refusedUnlessOk(ErrorCode.INVALID_REQUEST, "Browse failed");

  private static final long MAX_TEXT_BYTES = 524_288;
  private static final long MAX_BINARY_BYTES = 10_485_760;
  private static final RawJson DEFAULT_LIMIT = RawJson.of("100");

  private final RunnerRoutes routes;
  private final RunnerCommands commands;

  FilesResource(RunnerRoutes routes, RunnerCommands commands) {
    this.routes = routes;
    this.commands = commands;
  }

  private static RunnerCommand read(int seconds) {
    return RunnerCommand.of("read_file", seconds)
        .refusedUnlessOk(ErrorCode.INTERNAL, "Failed to read file");
  }

  @POST
  @Path("files")
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(
        runnerId,
        LIST,
        runner ->
            RawObject.empty().put("path", admitted(runner, RequestBody.orEmpty(body), "path")));
  }

  @POST
  @Path("search-files")
  public Uni<byte[]> search(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.answer(runnerId, runner -> search(runner, RequestBody.orEmpty(body)));
  }

  private Future<RawJson> search(RunnerRecord runner, RawObject body) {
    String cwd = required(body, "cwd");
    String query = body.text("query");
    if (query == null || query.isEmpty()) {
      return Future.succeededFuture(
          RawObject.empty().put("ok", true).put("files", EmptyLists.EMPTY).toJson());
    }
    requireInRoots(runner, cwd, "cwd");
    RawJson limit = body.number("limit") == null ? DEFAULT_LIMIT : body.get("limit");
    return commands.run(
        runner.id(),
        SEARCH,
        RawObject.empty().put("cwd", cwd).put("query", query).put("limit", limit));
  }

  /** The runner is told when the caller goes away before the answer is there. */
  @POST
  @Path("read-file")
  public Uni<byte[]> read(
      @PathParam("runnerId") String runnerId,
      byte @Nullable [] body,
      @Context RoutingContext exchange) {
    return routes.answer(runnerId, runner -> read(runner, RequestBody.orEmpty(body), exchange));
  }

  private Future<RawJson> read(RunnerRecord runner, RawObject body, RoutingContext exchange) {
    String path = admitted(runner, body, "path");
    boolean binary = "base64".equals(body.text("encoding"));
    boolean wholeOnly = body.isTrue("rejectTruncated");
    RawObject fields =
        RawObject.empty()
            .put("path", path)
            .put("encoding", binary ? "base64" : "utf8")
            .put("maxBytes", binary ? MAX_BINARY_BYTES : MAX_TEXT_BYTES)
            .put("rejectTruncated", wholeOnly);
    Running reading = commands.start(runner.id(), binary ? READ_BYTES : READ_TEXT, fields);
    exchange.addEndHandler(ended -> reading.abandon().run());
    return reading.answer().map(answer -> wholeOnly ? withoutPart(answer) : answer);
  }

  /** Older runners send the part that fits although nobody wants it. */
  private static RawJson withoutPart(RawJson answer) {
    RawObject file = RawObject.parse(answer);
    return file != null && file.isTrue("truncated") ? file.remove("content").toJson() : answer;
  }

  @GET
  @Path("browse")
  public Uni<byte[]> browse(
      @PathParam("runnerId") String runnerId, @QueryParam("path") @Nullable String path) {
    String wanted = path == null || path.isEmpty() ? "/" : path;
    return routes.answer(
        runnerId,
        runner -> {
          if (!RootsGate.admits(runner.roots(), wanted)) {
            throw RequestBody.invalid("Path outside allowed workspace roots");
          }
          return commands
              .runForObject(runner.id(), BROWSE, RawObject.empty().put("path", wanted))
              .map(answer -> directories(answer.get("directories")));
        });
  }

  private static RawJson directories(@Nullable RawJson found) {
    boolean none = found == null || JsonValues.isNull(found);
    return RawObject.empty().put("directories", none ? EmptyLists.EMPTY : found).toJson();
  }

  private static String admitted(RunnerRecord runner, RawObject body, String member) {
    String path = required(body, member);
    requireInRoots(runner, path, member);
    return path;
  }

  private static String required(RawObject body, String member) {
    String text = body.text(member);
    if (text == null || text.isEmpty()) {
      throw RequestBody.invalid("Missing " + member);
    }
    return text;
  }

  private static void requireInRoots(RunnerRecord runner, String path, String member) {
    if (!RootsGate.admits(runner.roots(), path)) {
      throw RequestBody.invalid("Runner cannot access " + member + ": " + path);
    }
  }
}
