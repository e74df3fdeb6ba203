package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
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
import org.jspecify.annotations.Nullable;

/** A runner's settings, {@code X12} and {@code X13} of rest.md 7.2. */
@Path("/api/runners/{runnerId}/settings")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class SettingsResource {
  private static final RunnerCommand READ =
      RunnerCommand.of("settings_get_config", 15)
          .refusedIfNotOk(ErrorCode.RUNNER_UNREACHABLE, "Failed to read settings");
  private static final RunnerCommand UPDATE =
      RunnerCommand.of("settings_update_section", 15)
          .refusedIfNotOk(ErrorCode.RUNNER_UNREACHABLE, "Failed to update settings");
  private static final List<String> SECTIONS =
      List.of(
          "models",
          "mcpServers",
          "mcp",
          "hooks",
          "sandbox",
          "webSearch",
          "providerOverrides",
          "toolSearch",
          "security",
          "envVars",
          "systemPrompt",
          "tuiPreferences",
          "agentsMd",
          "goal");

  private final RunnerRoutes routes;

  SettingsResource(RunnerRoutes routes) {
    this.routes = routes;
  }

  @GET
  public Uni<byte[]> read(@PathParam("runnerId") String runnerId) {
    return routes.pass(runnerId, READ);
  }

  @PUT
  public Uni<byte[]> update(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(runnerId, UPDATE, runner -> section(RequestBody.requiredObject(body)));
  }

  private static RawObject section(RawObject body) {
    String section = body.text("section");
    if (section == null || !SECTIONS.contains(section)) {
      RawJson given = body.get("section");
      String shown = section == null ? (given == null ? "undefined" : given.toString()) : section;
      throw RequestBody.invalid(
          "Invalid section \"" + shown + "\". Valid: " + String.join(", ", SECTIONS));
    }
    if (!body.has("value")) {
      throw RequestBody.invalid("Missing 'value' field");
    }
    return RawObject.empty().put("section", section).put("value", body.get("value"));
  }
}
