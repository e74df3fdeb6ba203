package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/runners/spawn}: starts a session on a runner (rest.md 4.2). */
@Path("/api/runners/spawn")
public class SpawnResource {
  private final Spawns spawns;
  private final CurrentCaller caller;
  private final GatewayConfig config;

  SpawnResource(Spawns spawns, CurrentCaller caller, GatewayConfig config) {
    this.spawns = spawns;
    this.caller = caller;
    this.config = config;
  }

  /**
   * A body that is no JSON object counts as an empty one, so that the first missing field is named.
   */
  @POST
  @CallerRequired
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<byte[]> spawn(byte @Nullable [] body) {
    RawObject sent = body == null ? null : RawObject.parse(RawJson.of(body));
    RawObject request = sent == null ? RawObject.empty() : sent;
    Spawn wanted = SpawnRequest.read(request).withReadyWait(config.spawnWait()).build();
    return UniHelper.toUni(
        spawns
            .spawn(caller.get(), wanted, SpawnRequest.key(request))
            .map(answer -> answer.toJson().toByteArray()));
  }
}
