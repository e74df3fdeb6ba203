package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.trigger.delivery.Deliveries.Delivered;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.listener.ListenerId;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** T1 of rest.md 5.3. */
@Path("/api/sessions/{sessionId}/trigger")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class TriggerResource {
  private final CurrentCaller caller;
  private final JsonBody json;
  private final LiveState live;
  private final Targets targets;
  private final Deliveries deliveries;
  private final Listeners listeners;
  private final ListenerSpawns spawns;
  private final UnfinishedFires fires;

  TriggerResource(
      CurrentCaller caller,
      JsonBody json,
      LiveState live,
      Targets targets,
      Deliveries deliveries,
      Listeners listeners,
      ListenerSpawns spawns,
      UnfinishedFires fires) {
    this.caller = caller;
    this.json = json;
    this.live = live;
    this.targets = targets;
    this.deliveries = deliveries;
    this.listeners = listeners;
    this.spawns = spawns;
    this.fires = fires;
  }

  @POST
  public Response fire(@PathParam("sessionId") String sessionId, @Nullable String text) {
    TriggerRequest request = TriggerRequest.of(json.require(text), DeliverAs.STEER, "api");
    SessionId session = PathIds.session(sessionId, "Session not found or not connected");
    Trigger trigger = request.toTrigger("External");
    return ListenerId.ofSession(session)
        .map(listener -> fireListener(listener, trigger, text))
        .orElseGet(() -> fire(session, trigger, request.wakeSession(), text));
  }

  private Response fire(SessionId session, Trigger trigger, boolean wake, @Nullable String text) {
    UserId user = caller.userId();
    Target target = targets.require(session, user, wake);
    Delivered delivered =
        deliveries.deliverOnce(
            user, session, trigger, Fingerprint.of(user.value(), text), target.wake());
    return Outcomes.failure(delivered.answer(), target)
        .orElseGet(() -> ok(delivered.triggerId()).build());
  }

  private Response fireListener(ListenerId id, Trigger trigger, @Nullable String text) {
    UserId user = caller.userId();
    ListenerRow listener =
        listeners
            .find(id, user)
            .filter(row -> live.runner(row.runnerId(), user).isPresent())
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Listener not found"));
    return fires.run(
        Fingerprint.of(user.value(), id.value(), text),
        trigger,
        fire -> {
          SessionId spawned =
              spawns
                  .fire(listener, fire.trigger(), fire.attempt())
                  .orElseThrow(Outcomes::spawnFailed);
          ObjectNode answer = StoredJson.object().put("ok", true);
          answer.put("triggerId", fire.trigger().id());
          return Response.ok(answer.put("spawnedSessionId", spawned.value())).build();
        });
  }

  private static Response.ResponseBuilder ok(String triggerId) {
    return Response.ok(StoredJson.object().put("ok", true).put("triggerId", triggerId));
  }
}
