package dev.agentrelay.push.ntfy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.push.PushConfig;
import dev.agentrelay.push.ntfy.NativeRegistrations.Registration;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** X30 to X32 of rest.md 7.4: the mobile shell's device. */
@Path("/api/push")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class NativeResource {
  private final CurrentCaller caller;
  private final NativeRegistrations registrations;
  private final PushConfig.Ntfy config;
  private final JsonBody bodies;
  private final ObjectMapper json;

  /** The answer of X31. */
  public record Removed(boolean ok, boolean removed) {}

  /** The answer of X32. */
  public record Done(boolean ok) {}

  NativeResource(
      CurrentCaller caller,
      NativeRegistrations registrations,
      PushConfig config,
      JsonBody bodies,
      ObjectMapper json) {
    this.caller = caller;
    this.registrations = registrations;
    this.config = config.ntfy();
    this.bodies = bodies;
    this.json = json;
  }

  @POST
  @Path("/register-native")
  public ObjectNode register(@Nullable String body) {
    URI url =
        config
            .url()
            .orElseThrow(
                () ->
                    new RelayException(
                        ErrorCode.UNAVAILABLE,
                        "Native push is not configured on this server (PIZZAPI_NTFY_URL unset)"));
    JsonNode suppress = bodies.orEmpty(body).get("suppressChildNotifications");
    Registration registration =
        registrations.register(
            caller.userId(),
            (suppress != null && suppress.isBoolean()) ? suppress.booleanValue() : null);
    return json.createObjectNode()
        .put("ok", true)
        .put("ntfyPublicUrl", config.publicUrl().orElse(url).toString())
        .put("topic", registration.topic())
        .putNull("ntfyUser")
        .putNull("ntfyPass")
        .put("suppressChildNotifications", registration.suppressesChildren());
  }

  @POST
  @Path("/unregister-native")
  public Removed unregister() {
    return new Removed(true, registrations.unregister(caller.userId()));
  }

  @PUT
  @Path("/child-notifications-native")
  public Done setChildren(@Nullable String body) {
    JsonNode suppress = bodies.require(body).get("suppress");
    if (suppress == null || !suppress.isBoolean()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing suppress (boolean)");
    }
    if (!registrations.setSuppressChildren(caller.userId(), suppress.booleanValue())) {
      throw new RelayException(ErrorCode.NOT_FOUND, "No native push registration found");
    }
    return new Done(true);
  }
}
