package dev.agentrelay.trigger.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.ServicesOnly;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.PathIds;
import dev.agentrelay.trigger.subscription.Subscriptions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/**
 * Every subscription and listener of a runner, for the gateway that holds it. It comes from
 * Postgres alone, so an empty Redis cancels no schedule.
 */
@ServicesOnly
@Path("/internal/runners/{runnerId}/trigger-subscriptions")
@Produces("application/json;charset=utf-8")
@RunOnVirtualThread
public class SnapshotResource {
  private final Subscriptions subscriptions;
  private final Listeners listeners;

  SnapshotResource(Subscriptions subscriptions, Listeners listeners) {
    this.subscriptions = subscriptions;
    this.listeners = listeners;
  }

  /**
   * @param userId the runner's owner; what somebody else once subscribed on it is left out
   */
  @GET
  @Transactional
  public ObjectNode snapshot(
      @PathParam("runnerId") String runnerId, @QueryParam("userId") @Nullable String userId) {
    if (userId == null || userId.isBlank()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing userId");
    }
    RunnerId runner = PathIds.runner(runnerId);
    UserId owner = new UserId(userId);
    ObjectNode answer = StoredJson.object();
    ArrayNode list = answer.putArray("subscriptions");
    subscriptions.ofRunner(runner).stream()
        .filter(row -> row.userId().equals(owner))
        .forEach(row -> list.add(row.toInfo()));
    listeners.of(runner, owner).forEach(row -> list.add(row.toSubscription()));
    return answer;
  }
}
