package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A runner's services, {@code R9} of rest.md 4.5 and {@code X7} of 7.2. */
@Path("/api/runners/{runnerId}/services")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class ServicesResource {
  private static final String SERVICES = "serviceIds";
  private static final String DISABLED = "disabledServiceIds";
  private static final List<String> SHOWN =
      List.of(SERVICES, DISABLED, "panels", "triggerDefs", "sigilDefs", "sessionModes");

  private final RunnerRoutes routes;
  private final RunnerLine line;

  ServicesResource(RunnerRoutes routes, RunnerLine line) {
    this.routes = routes;
    this.line = line;
  }

  /** What the runner last announced; all members are always there. */
  @GET
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId) {
    return routes.show(
        runnerId,
        runner -> {
          RawObject announce = runner.announce();
          RawObject shown = RawObject.empty();
          for (String member : SHOWN) {
            RawJson value = announce == null ? null : announce.get(member);
            shown.put(member, JsonValues.elements(value) == null ? EmptyLists.EMPTY : value);
          }
          return shown;
        });
  }

  @PUT
  @Path("{serviceId}/enabled")
  public Uni<byte[]> enable(
      @PathParam("runnerId") String runnerId,
      @PathParam("serviceId") String serviceId,
      byte @Nullable [] body) {
    return routes.answer(runnerId, runner -> enable(runner, serviceId, RequestBody.orEmpty(body)));
  }

  private Future<RawJson> enable(RunnerRecord runner, String service, RawObject body) {
    boolean enabled = body.isTrue("enabled");
    if (!enabled && !body.isFalse("enabled")) {
      throw RequestBody.invalid("Missing or invalid 'enabled' field");
    }
    RawObject announce = runner.announce();
    if (announce == null) {
      throw new RelayException(ErrorCode.NOT_FOUND, "No services registered for this runner");
    }
    RawJson id = JsonValues.of(service);
    List<RawJson> disabled = list(announce, DISABLED);
    boolean isDisabled = disabled.contains(id);
    if (!isDisabled && !list(announce, SERVICES).contains(id)) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Service '" + service + "' not found");
    }
    if (enabled != isDisabled) {
      return Future.succeededFuture(answer(service, enabled, disabled));
    }
    if (enabled) {
      disabled.removeIf(id::equals);
    } else {
      disabled.add(id);
    }
    RawObject order =
        RawObject.empty()
            .put(DISABLED, JsonValues.array(disabled))
            .put("serviceId", service)
            .put("enabled", enabled);
    return line.emit(runner.id(), "reconfigure_services", order.toJson())
        .map(
            reply -> {
              if (!reply.isDone()) {
                throw new RelayException(
                    ErrorCode.RUNNER_UNREACHABLE, "Runner is not connected to this server");
              }
              return answer(service, enabled, disabled);
            });
  }

  private static List<RawJson> list(RawObject announce, String member) {
    List<RawJson> elements = JsonValues.elements(announce.get(member));
    return elements == null ? new ArrayList<>() : new ArrayList<>(elements);
  }

  private static RawJson answer(String service, boolean enabled, List<RawJson> disabled) {
    return RawObject.empty()
        .put("ok", true)
        .put("serviceId", service)
        .put("enabled", enabled)
        .put(DISABLED, JsonValues.array(disabled))
        .toJson();
  }
}
