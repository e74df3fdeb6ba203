package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a runner has used and what its sessions did, {@code R21} of rest.md 4.8 and {@code X11} of
 * 7.2.
 */
@Path("/api/runners/{runnerId}")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class InsightResource {
  private static final RunnerCommand USAGE = RunnerCommand.of("get_usage", 30);
  private static final RunnerCommand ANALYSIS = RunnerCommand.of("analyze_session", 30);
  private static final Set<String> RANGES = Set.of("7d", "30d", "90d", "all");
  private static final String DEFAULT_RANGE = "90d";

  private final RunnerRoutes routes;
  private final RunnerCommands commands;
  private final RedisLink redis;

  InsightResource(RunnerRoutes routes, RunnerCommands commands, RedisLink redis) {
    this.routes = routes;
    this.commands = commands;
    this.redis = redis;
  }

  @GET
  @Path("usage")
  public Uni<byte[]> usage(
      @PathParam("runnerId") String runnerId, @QueryParam("range") @Nullable String range) {
    String wanted = range == null || range.isEmpty() ? DEFAULT_RANGE : range;
    return routes.pass(
        runnerId,
        USAGE,
        runner -> {
          if (!RANGES.contains(wanted)) {
            throw RequestBody.invalid("Invalid range parameter");
          }
          return RawObject.empty().put("range", wanted);
        });
  }

  /** Of a session that is the caller's, live or ended. */
  @GET
  @Path("analysis/{sessionId}")
  public Uni<byte[]> analysis(
      @PathParam("runnerId") String runnerId, @PathParam("sessionId") String sessionId) {
    return routes.answer(
        runnerId, runner -> owner(sessionId).compose(owner -> analyze(runner, owner, sessionId)));
  }

  private Future<RawJson> analyze(RunnerRecord runner, @Nullable String owner, String sessionId) {
    if (owner == null) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Session not found");
    }
    if (!owner.equals(runner.user().value())) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    return commands.run(runner.id(), ANALYSIS, RawObject.empty().put("sessionId", sessionId));
  }

  private Future<@Nullable String> owner(String sessionId) {
    if (sessionId.isBlank()) {
      return Future.succeededFuture(null);
    }
    return redis
        .send(
            Request.cmd(Command.HGET)
                .arg(LiveKeys.sessionOwner(new SessionId(sessionId)))
                .arg("user"))
        .map(owner -> owner == null ? null : owner.toString());
  }
}
