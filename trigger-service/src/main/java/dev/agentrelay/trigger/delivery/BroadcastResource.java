package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.ApiKeyRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.trigger.delivery.Broadcasts.Reached;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import org.jspecify.annotations.Nullable;

/** T9 of rest.md 5.6. */
@Path("/api/runners/{runnerId}/trigger-broadcast")
@Produces("application/json;charset=utf-8")
@ApiKeyRequired
@RunOnVirtualThread
public class BroadcastResource {
  private final CurrentCaller caller;
  private final JsonBody json;
  private final LiveState live;
  private final Broadcasts broadcasts;
  private final UnfinishedFires fires;

  BroadcastResource(
      CurrentCaller caller,
      JsonBody json,
      LiveState live,
      Broadcasts broadcasts,
      UnfinishedFires fires) {
    this.caller = caller;
    this.json = json;
    this.live = live;
    this.broadcasts = broadcasts;
    this.fires = fires;
  }

  @POST
  public ObjectNode broadcast(@PathParam("runnerId") String runnerId, @Nullable String text) {
    UserId user = caller.userId();
    LiveRunner runner =
        live.runner(PathIds.runner(runnerId), user)
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Runner not found"));
    Trigger trigger =
        TriggerRequest.of(json.require(text), DeliverAs.FOLLOW_UP, "service").toTrigger("Service");
    Reached reached =
        fires.run(
            Fingerprint.of(user.value(), runnerId, text),
            trigger,
            fire -> broadcasts.send(runner, user, fire));
    ObjectNode answer = StoredJson.object().put("ok", true);
    answer.put("delivered", reached.delivered()).put("spawned", reached.spawned());
    return answer.put("triggerId", reached.triggerId());
  }
}
