package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.preferences.HiddenModels;
import dev.agentrelay.trigger.delivery.DeliverAs;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.listener.ListenerId;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.listener.ListenerSettings;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import dev.agentrelay.trigger.session.KnownSessions;
import dev.agentrelay.trigger.session.SessionRow;
import dev.agentrelay.trigger.subscription.Subscribing;
import dev.agentrelay.trigger.subscription.SubscriptionRow;
import dev.agentrelay.trigger.subscription.Subscriptions;
import dev.agentrelay.trigger.subscription.Wish;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/routes}: subscriptions and listeners as newer clients know them, under the same ids.
 * A route to a session is a subscription, one that spawns is a listener.
 */
@Path("/api/routes")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class RoutesResource {
  private final CurrentCaller caller;
  private final JsonBody json;
  private final LiveState live;
  private final KnownSessions sessions;
  private final Subscribing subscribing;
  private final Subscriptions subscriptions;
  private final Listeners listeners;
  private final HiddenModels hiddenModels;

  RoutesResource(
      CurrentCaller caller,
      JsonBody json,
      LiveState live,
      KnownSessions sessions,
      Subscribing subscribing,
      Subscriptions subscriptions,
      Listeners listeners,
      HiddenModels hiddenModels) {
    this.caller = caller;
    this.json = json;
    this.live = live;
    this.sessions = sessions;
    this.subscribing = subscribing;
    this.subscriptions = subscriptions;
    this.listeners = listeners;
    this.hiddenModels = hiddenModels;
  }

  @GET
  public ObjectNode list() {
    ObjectNode answer = StoredJson.object();
    ArrayNode routes = answer.putArray("routes");
    subscriptions.ofUser(caller.userId()).forEach(row -> routes.add(Routes.of(row)));
    listeners.of(caller.userId()).forEach(row -> routes.add(Routes.of(row)));
    return answer;
  }

  @POST
  public ObjectNode add(@Nullable String text) {
    ObjectNode body = json.require(text);
    SessionId target =
        Routes.session(body)
            .orElseThrow(
                () ->
                    new RelayException(
                        ErrorCode.INVALID_REQUEST,
                        "Missing or invalid 'target' — must name a session"));
    LiveSession session = live.requireSession(target, caller.userId());
    String deliverAs = DeliverAs.of(body.get("deliverAs"), DeliverAs.STEER).wireName();
    return answer(Routes.of(subscribing.subscribe(session, body, "eventType", deliverAs)));
  }

  /** Changes what is sent and leaves the rest; a route may be given to another session. */
  @PUT
  @Path("/{routeId: .+}")
  public ObjectNode change(@PathParam("routeId") String routeId, @Nullable String text) {
    ObjectNode body = json.require(text);
    Optional<ListenerRow> listener = listener(routeId);
    if (listener.isPresent()) {
      ListenerSettings settings = ListenerSettings.of(body);
      hiddenModels.refuseHidden(caller.userId(), settings.model());
      return answer(
          Routes.of(
              listeners.change(listener.get(), settings).orElseThrow(RoutesResource::notFound)));
    }
    SubscriptionRow row = subscription(routeId).orElseThrow(RoutesResource::notFound);
    Optional<SessionId> target = Routes.session(body);
    target.ifPresent(this::refuseForeign);
    Wish asked = subscribing.replacement(row.runnerId(), row.triggerType(), body);
    Wish wish =
        new Wish(
            body.has("params") ? asked.params() : row.wish().params(),
            body.has("filters") ? asked.filters() : row.wish().filters(),
            body.has("filterMode") ? asked.mode() : row.wish().mode());
    return answer(
        Routes.of(
            subscriptions
                .change(row, target.orElse(row.sessionId()), wish)
                .orElseThrow(RoutesResource::notFound)));
  }

  @DELETE
  @Path("/{routeId: .+}")
  public ObjectNode remove(@PathParam("routeId") String routeId) {
    boolean removed =
        listener(routeId)
            .map(listeners::remove)
            .or(() -> subscription(routeId).map(subscriptions::remove))
            .orElse(false);
    if (!removed) {
      throw notFound();
    }
    return StoredJson.object().put("ok", true).put("routeId", routeId);
  }

  private Optional<ListenerRow> listener(String routeId) {
    return PathIds.isStorable(routeId)
        ? listeners.find(new ListenerId(routeId), caller.userId())
        : Optional.empty();
  }

  private Optional<SubscriptionRow> subscription(String routeId) {
    return PathIds.isStorable(routeId)
        ? subscriptions.find(caller.userId(), routeId)
        : Optional.empty();
  }

  /** A session that nobody knows may be one that has just been asked for and will register. */
  private void refuseForeign(SessionId session) {
    UserId user = caller.userId();
    boolean foreign =
        live.session(session).map(LiveSession::userId).filter(id -> !id.equals(user)).isPresent()
            || sessions
                .find(session)
                .map(SessionRow::userId)
                .filter(id -> !id.equals(user))
                .isPresent();
    if (foreign) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Session not found");
    }
  }

  private static ObjectNode answer(ObjectNode route) {
    ObjectNode answer = StoredJson.object().put("ok", true);
    answer.set("route", route);
    return answer;
  }

  private static RelayException notFound() {
    return new RelayException(ErrorCode.NOT_FOUND, "Route not found");
  }
}
