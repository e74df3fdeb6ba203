package dev.agentrelay.push.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.push.subscription.Subscriptions.Wanted;
import dev.agentrelay.push.vapid.VapidKeys;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** P2 to P6 of rest.md 6.3: a user's browsers. */
@Path("/api/push")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class SubscriptionResource {
  private static final String EVERYTHING = "*";
  private static final String MISSING = "Missing required fields: endpoint, keys.p256dh, keys.auth";
  private static final String REFUSED =
      "Invalid push endpoint: must be an https:// URL not targeting private/loopback addresses";

  /** Keys have 87 and 22 characters; much longer ones only cost memory. */
  private static final int LONGEST_KEY = 512;

  /** Every event by both its names has a tenth of it. */
  private static final int LONGEST_EVENTS = 1_024;

  /** The answer of P2. */
  public record Subscribed(boolean ok, UUID id) {}

  /** The answer of what only succeeds. */
  public record Done(boolean ok) {}

  private final CurrentCaller caller;
  private final Subscriptions subscriptions;
  private final EndpointRule rule;
  private final VapidKeys vapid;
  private final JsonBody bodies;
  private final ObjectMapper json;

  SubscriptionResource(
      CurrentCaller caller,
      Subscriptions subscriptions,
      EndpointRule rule,
      VapidKeys vapid,
      JsonBody bodies,
      ObjectMapper json) {
    this.caller = caller;
    this.subscriptions = subscriptions;
    this.rule = rule;
    this.vapid = vapid;
    this.bodies = bodies;
    this.json = json;
  }

  @POST
  @Path("/subscribe")
  public Subscribed subscribe(@Nullable String body) {
    ObjectNode wanted = bodies.require(body);
    String endpoint = require(wanted, "endpoint", MISSING);
    ObjectNode keys =
        wanted.get("keys") instanceof ObjectNode given ? given : json.createObjectNode();
    String p256dh = require(keys, "p256dh", MISSING);
    String auth = require(keys, "auth", MISSING);
    if (p256dh.length() > LONGEST_KEY || auth.length() > LONGEST_KEY) {
      throw invalid("keys.p256dh and keys.auth must not be longer than 512 characters");
    }
    if (rule.parse(endpoint).isEmpty()) {
      throw invalid(REFUSED);
    }
    JsonNode events = wanted.get("enabledEvents");
    if (events != null && !events.isNull() && !events.isTextual()) {
      throw invalid("enabledEvents must be a string");
    }
    String enabled =
        events == null || events.isNull() ? EVERYTHING : requireShort(events.textValue());
    Wanted subscription = new Wanted(endpoint, p256dh, auth, enabled, vapid.publicKey());
    return new Subscribed(true, subscriptions.subscribe(caller.userId(), subscription));
  }

  @POST
  @Path("/unsubscribe")
  public Done unsubscribe(@Nullable String body) {
    String endpoint = require(bodies.require(body), "endpoint", "Missing endpoint");
    subscriptions.unsubscribe(caller.userId(), endpoint);
    return new Done(true);
  }

  /** Keys are never told. A browser whose key is no longer the relay's must subscribe again. */
  @GET
  @Path("/subscriptions")
  public ObjectNode list() {
    ObjectNode answer = json.createObjectNode();
    ArrayNode list = answer.putArray("subscriptions");
    String current = vapid.publicKey();
    for (SubscriptionRow row : subscriptions.of(caller.userId())) {
      list.addObject()
          .put("id", row.id.toString())
          .put("endpoint", row.endpoint)
          .put("createdAt", Timestamps.text(row.createdAt))
          .put("enabledEvents", row.enabledEvents)
          .put("suppressChildNotifications", row.suppressChildNotifications)
          .put("vapidKeyChanged", !row.vapidPublicKey.equals(current));
    }
    return answer;
  }

  @PUT
  @Path("/events")
  public Done setEvents(@Nullable String body) {
    ObjectNode wanted = bodies.require(body);
    String endpoint = require(wanted, "endpoint", "Missing endpoint or enabledEvents");
    String events = require(wanted, "enabledEvents", "Missing endpoint or enabledEvents");
    subscriptions.setEvents(caller.userId(), endpoint, requireShort(events));
    return new Done(true);
  }

  @PUT
  @Path("/child-notifications")
  public Done setChildren(@Nullable String body) {
    ObjectNode wanted = bodies.require(body);
    String endpoint = require(wanted, "endpoint", "Missing endpoint or suppress (boolean)");
    JsonNode suppress = wanted.get("suppress");
    if (suppress == null || !suppress.isBoolean()) {
      throw invalid("Missing endpoint or suppress (boolean)");
    }
    if (!subscriptions.setSuppressChildren(caller.userId(), endpoint, suppress.booleanValue())) {
      throw new RelayException(
          ErrorCode.NOT_FOUND, "No matching subscription found for this endpoint");
    }
    return new Done(true);
  }

  private static String require(ObjectNode object, String member, String otherwise) {
    String text = JsonBody.text(object, member);
    if (text == null || text.isEmpty()) {
      throw invalid(otherwise);
    }
    return text;
  }

  private static String requireShort(String events) {
    if (events.length() > LONGEST_EVENTS) {
      throw invalid("enabledEvents must not be longer than 1024 characters");
    }
    return events;
  }

  private static RelayException invalid(String message) {
    return new RelayException(ErrorCode.INVALID_REQUEST, message);
  }
}
