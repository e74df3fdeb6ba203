package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.trigger.delivery.DeliverAs;
import dev.agentrelay.trigger.delivery.Trigger;
import dev.agentrelay.trigger.json.StoredJson;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event as it is stored. Rows are written by {@link Events} alone. */
@Entity
@Table(name = "events")
class EventRow {
  @Id
  @Column(name = "event_id")
  String eventId;

  @Column(name = "user_id")
  String userId;

  @Column(name = "fire_key")
  @Nullable String fireKey;

  @Column(name = "type")
  String type;

  /** What is common to its triggers. */
  @Column(name = "event")
  String event;

  @Column(name = "created_at")
  Instant createdAt;

  protected EventRow() {}

  /** What goes out for one of its deliveries. */
  Trigger trigger(DeliveryRow delivery) {
    ObjectNode common = StoredJson.readObject(event);
    return new Trigger(
        delivery.deliveryId,
        type,
        common.path("source").asText(),
        common.path("sourceName").asText(),
        common.path("summary").textValue(),
        (ObjectNode) common.path("payload"),
        DeliverAs.ofWireName(delivery.deliverAs),
        common.path("expectsResponse").booleanValue(),
        createdAt);
  }
}
