package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A runner's sandbox, {@code R19} and {@code R20} of rest.md 4.8. */
@Path("/api/runners/{runnerId}")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class SandboxResource {
  private static final RunnerCommand STATUS =
      RunnerCommand.of("sandbox_get_status", 15)
          .refusedIfNotOk(ErrorCode.RUNNER_UNREACHABLE, "Sandbox status command failed");
  private static final RunnerCommand UPDATE =
      RunnerCommand.of("sandbox_update_config", 15)
          .refusedIfNotOk(ErrorCode.RUNNER_UNREACHABLE, "Sandbox config update failed");
  private static final Set<String> MODES = Set.of("none", "basic", "full");
  private static final Map<String, List<String>> LISTS =
      Map.of(
          "filesystem", List.of("denyRead", "allowWrite", "denyWrite"),
          "network", List.of("allowedDomains", "deniedDomains"));

  private final RunnerRoutes routes;

  SandboxResource(RunnerRoutes routes) {
    this.routes = routes;
  }

  @GET
  @Path("sandbox-status")
  public Uni<byte[]> status(@PathParam("runnerId") String runnerId) {
    return routes.pass(runnerId, STATUS);
  }

  @PUT
  @Path("sandbox-config")
  public Uni<byte[]> update(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(
        runnerId,
        UPDATE,
        runner -> RawObject.empty().put("config", checked(RequestBody.requiredObject(body))));
  }

  private static RawObject checked(RawObject config) {
    RawJson mode = config.get("mode");
    String name = JsonValues.text(mode);
    if (mode != null && (name == null || !MODES.contains(name))) {
      throw RequestBody.invalid("Invalid mode \"" + (name == null ? mode : name) + "\"");
    }
    LISTS.forEach(
        (part, lists) -> {
          RawObject given = config.object(part);
          if (given != null && !lists.stream().allMatch(list -> isTexts(given.get(list)))) {
            throw RequestBody.invalid("Array fields must contain only strings");
          }
        });
    return config;
  }

  /** Whether the list holds texts only; what is no value at all passes. */
  private static boolean isTexts(@Nullable RawJson list) {
    if (isFalsy(list)) {
      return true;
    }
    List<RawJson> elements = JsonValues.elements(list);
    return elements != null
        && elements.stream().allMatch(element -> JsonValues.text(element) != null);
  }

  private static boolean isFalsy(@Nullable RawJson value) {
    return value == null || Set.of("null", "false", "0", "\"\"").contains(value.toString());
  }
}
