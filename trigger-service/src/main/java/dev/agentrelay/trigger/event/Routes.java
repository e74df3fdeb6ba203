package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.trigger.delivery.DeliverAs;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.live.PathIds;
import dev.agentrelay.trigger.subscription.SubscriptionRow;
import java.util.Optional;

/** How routes look to clients. */
final class Routes {
  private Routes() {}

  static ObjectNode of(SubscriptionRow row) {
    ObjectNode route = route(row.subscriptionId(), row.triggerType(), row.runnerId().value());
    route.putObject("target").put("kind", "session").put("sessionId", row.sessionId().value());
    route.put("deliverAs", DeliverAs.ofWireName(row.deliverAs()).wireName());
    row.wish().addTo(route);
    return route.put("createdAt", Timestamps.text(row.createdAt()));
  }

  static ObjectNode of(ListenerRow row) {
    ObjectNode info = row.toInfo();
    ObjectNode route = route(row.id().value(), row.triggerType(), row.runnerId().value());
    ObjectNode target = route.putObject("target").put("kind", "spawn");
    target.put("runnerId", row.runnerId().value());
    for (String member : new String[] {"prompt", "cwd", "model", "autoClose"}) {
      JsonNode value = info.get(member);
      if (value != null) {
        target.set(member, value);
      }
    }
    route.put("deliverAs", DeliverAs.FOLLOW_UP.wireName());
    if (info.has("params")) {
      route.set("params", info.get("params"));
    }
    return route.set("createdAt", info.get("createdAt"));
  }

  /** The session that a body's target names, if it names one. */
  static Optional<SessionId> session(ObjectNode body) {
    JsonNode target = body.path("target");
    String id = target.path("sessionId").textValue();
    return "session".equals(target.path("kind").textValue()) && id != null && !id.isBlank()
        ? Optional.of(PathIds.session(id))
        : Optional.empty();
  }

  private static ObjectNode route(String id, String eventType, String runnerId) {
    ObjectNode route = StoredJson.object().put("routeId", id);
    return route.put("eventType", eventType).put("runnerId", runnerId).put("enabled", true);
  }
}
