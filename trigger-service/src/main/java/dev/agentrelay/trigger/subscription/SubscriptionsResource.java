package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.listener.ListenerId;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import dev.agentrelay.trigger.subscription.SubscriptionOwners.Owned;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** T5 to T8 of rest.md 5.5. */
@Path("/api/sessions/{sessionId}/trigger-subscriptions")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class SubscriptionsResource {
  private final CurrentCaller caller;
  private final JsonBody json;
  private final LiveState live;
  private final SubscriptionOwners owners;
  private final Subscribing subscribing;
  private final Subscriptions subscriptions;
  private final Listeners listeners;

  SubscriptionsResource(
      CurrentCaller caller,
      JsonBody json,
      LiveState live,
      SubscriptionOwners owners,
      Subscribing subscribing,
      Subscriptions subscriptions,
      Listeners listeners) {
    this.caller = caller;
    this.json = json;
    this.live = live;
    this.owners = owners;
    this.subscribing = subscribing;
    this.subscriptions = subscriptions;
    this.listeners = listeners;
  }

  @GET
  public ObjectNode list(@PathParam("sessionId") String sessionId) {
    SessionId session = PathIds.session(sessionId);
    owners.require(session, caller.userId());
    ObjectNode answer = StoredJson.object();
    ArrayNode list = answer.putArray("subscriptions");
    for (SubscriptionRow row : subscriptions.ofSession(session)) {
      ObjectNode each = row.toInfo();
      each.remove("sessionId");
      list.add(each);
    }
    return answer;
  }

  @POST
  public ObjectNode subscribe(@PathParam("sessionId") String sessionId, @Nullable String text) {
    var session = live.requireSession(PathIds.session(sessionId), caller.userId());
    ObjectNode body = json.require(text);
    return answer(subscribing.subscribe(session, body, "triggerType", null));
  }

  @PUT
  @Path("/{target: .+}")
  public ObjectNode replace(
      @PathParam("sessionId") String sessionId,
      @PathParam("target") String target,
      @QueryParam("subscriptionId") @Nullable String queried,
      @Nullable String text) {
    SessionId session = PathIds.session(sessionId);
    Owned owned = owners.require(session, caller.userId());
    ObjectNode body = json.require(text);
    String named = named(queried).or(() -> named(JsonBody.text(body, "subscriptionId"))).orElse("");
    List<SubscriptionRow> rows = subscriptions.ofSession(session);
    Optional<SubscriptionRow> found =
        named.isEmpty()
            ? byId(rows, target).or(() -> byType(rows, target))
            : byId(rows, named).or(() -> byType(rows, named));
    String type = found.map(SubscriptionRow::triggerType).orElse(target);
    Wish wish =
        subscribing.replacement(
            found.map(SubscriptionRow::runnerId).orElse(owned.runner()), type, body);
    return answer(
        found
            .flatMap(row -> subscriptions.replace(row, wish))
            .orElseThrow(
                () ->
                    new RelayException(
                        ErrorCode.NOT_FOUND, "Session is not subscribed to '" + target + "'")));
  }

  @DELETE
  @Path("/{target: .+}")
  public ObjectNode remove(
      @PathParam("sessionId") String sessionId,
      @PathParam("target") String target,
      @QueryParam("subscriptionId") @Nullable String queried) {
    SessionId session = PathIds.session(sessionId);
    Optional<ListenerId> listener = ListenerId.ofSession(session);
    if (listener.isPresent()) {
      return removeListener(listener.get());
    }
    owners.require(session, caller.userId());
    Optional<String> named = named(queried);
    Optional<SubscriptionRow> found = byId(subscriptions.ofSession(session), named.orElse(target));
    ObjectNode answer = StoredJson.object().put("ok", true);
    if (found.isPresent() && subscriptions.remove(found.get())) {
      answer.put("subscriptionId", found.get().subscriptionId());
      return answer.put("triggerType", found.get().triggerType()).put("removed", 1);
    }
    int removed =
        named.isPresent() || !PathIds.isStorable(target)
            ? 0
            : subscriptions.removeType(session, target);
    if (removed == 0) {
      throw new RelayException(
          ErrorCode.NOT_FOUND, "Subscription '" + named.orElse(target) + "' not found");
    }
    return answer.put("triggerType", target).put("removed", removed);
  }

  /**
   * A fired one-shot of a listener is retired by its daemon under the listener's pseudo session.
   */
  private ObjectNode removeListener(ListenerId id) {
    ListenerRow listener =
        listeners
            .find(id, caller.userId())
            .filter(row -> live.runner(row.runnerId(), caller.userId()).isPresent())
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Listener not found"));
    int removed = listeners.remove(listener) ? 1 : 0;
    return StoredJson.object().put("ok", true).put("removed", removed);
  }

  private static ObjectNode answer(SubscriptionRow row) {
    ObjectNode answer = StoredJson.object().put("ok", true);
    answer.put("subscriptionId", row.subscriptionId());
    answer.put("triggerType", row.triggerType());
    answer.put("runnerId", row.runnerId().value());
    row.wish().addTo(answer);
    return answer;
  }

  private static Optional<String> named(@Nullable String id) {
    return Optional.ofNullable(id).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static Optional<SubscriptionRow> byId(List<SubscriptionRow> rows, String id) {
    return rows.stream().filter(row -> row.subscriptionId().equals(id)).findFirst();
  }

  private static Optional<SubscriptionRow> byType(List<SubscriptionRow> rows, String type) {
    return rows.stream().filter(row -> row.triggerType().equals(type)).findFirst();
  }
}
