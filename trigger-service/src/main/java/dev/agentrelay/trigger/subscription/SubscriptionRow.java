package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.trigger.filter.Filters;
import dev.agentrelay.trigger.json.StoredJson;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Generated;
import org.jspecify.annotations.Nullable;

/** A subscription as it is stored. Rows are written by {@link Subscriptions} alone. */
@Entity
@Table(name = "subscriptions")
public class SubscriptionRow {
  @Id
  @Column(name = "subscription_id")
  String subscriptionId;

  /** Orders them by creation. */
  @Generated
  @Column(name = "position", insertable = false, updatable = false)
  long position;

  @Column(name = "user_id")
  String userId;

  @Column(name = "session_id")
  String sessionId;

  @Column(name = "runner_id")
  String runnerId;

  @Column(name = "trigger_type")
  String triggerType;

  @Column(name = "params")
  @Nullable String params;

  @Column(name = "filters")
  @Nullable String filters;

  @Column(name = "filter_mode")
  @Nullable String filterMode;

  @Column(name = "deliver_as")
  @Nullable String deliverAs;

  @Column(name = "created_at")
  Instant createdAt;

  protected SubscriptionRow() {}

  public String subscriptionId() {
    return subscriptionId;
  }

  public UserId userId() {
    return new UserId(userId);
  }

  public SessionId sessionId() {
    return new SessionId(sessionId);
  }

  public RunnerId runnerId() {
    return new RunnerId(runnerId);
  }

  public String triggerType() {
    return triggerType;
  }

  /** How a route of the newer interface wants its deliveries; absent for other subscriptions. */
  public @Nullable String deliverAs() {
    return deliverAs;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** Whether it outlives its session. */
  public boolean isSchedule() {
    return ScheduleParams.isSchedule(triggerType);
  }

  /** The subscription as daemons get it (sockets.md 4.17). */
  public ObjectNode toInfo() {
    ObjectNode info = StoredJson.object();
    info.put("subscriptionId", subscriptionId);
    info.put("sessionId", sessionId);
    info.put("triggerType", triggerType);
    info.put("runnerId", runnerId);
    wish().addTo(info);
    return info;
  }

  /** What it asks for. */
  public Wish wish() {
    return new Wish(
        (ObjectNode) StoredJson.read(params),
        (ArrayNode) StoredJson.read(filters),
        filterMode == null ? null : Filters.Mode.of(filterMode));
  }

  /** Whether the payload is wanted. */
  public boolean wants(ObjectNode payload) {
    Wish wish = wish();
    return Filters.of(wish.filters(), wish.mode()).match(payload);
  }

  void ask(Wish wish) {
    params = StoredJson.write(wish.params());
    filters = StoredJson.write(wish.filters());
    filterMode = wish.mode() == null ? null : wish.mode().wireName();
  }
}
