package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.trigger.history.History.State;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.listener.ListenerId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One delivery of an event. Rows are written by {@link Events} alone. */
@Entity
@Table(name = "deliveries")
class DeliveryRow {
  @Id
  @Column(name = "delivery_id")
  String deliveryId;

  @Column(name = "event_id")
  String eventId;

  @Column(name = "position")
  int position;

  @Column(name = "user_id")
  String userId;

  /** Absent as long as a listener has started none. */
  @Column(name = "session_id")
  @Nullable String sessionId;

  @Column(name = "listener_id")
  @Nullable String listenerId;

  @Column(name = "deliver_as")
  String deliverAs;

  @Enumerated(EnumType.STRING)
  @Column(name = "state")
  State state;

  @Column(name = "reason")
  @Nullable String reason;

  @Column(name = "attempt")
  int attempt;

  @Column(name = "at")
  Instant at;

  @Column(name = "reply_session_id")
  @Nullable String replySessionId;

  @Column(name = "reply_trigger_id")
  @Nullable String replyTriggerId;

  @Column(name = "reply_until")
  @Nullable Instant replyUntil;

  @Column(name = "reply_attempt")
  int replyAttempt;

  @Column(name = "response")
  @Nullable String response;

  protected DeliveryRow() {}

  @Nullable SessionId session() {
    return sessionId == null ? null : new SessionId(sessionId);
  }

  @Nullable ListenerId listener() {
    return listenerId == null ? null : new ListenerId(listenerId);
  }

  /** The delivery as its publisher sees it. */
  ObjectNode toInfo() {
    ObjectNode info = StoredJson.object().put("deliveryId", deliveryId);
    if (sessionId != null) {
      info.put("sessionId", sessionId);
    }
    if (listenerId != null) {
      info.put("routeId", listenerId);
    }
    info.put("deliverAs", deliverAs);
    info.put("state", state.wireName()).put("at", Timestamps.text(at));
    if (reason != null) {
      info.put("reason", reason);
    }
    return info;
  }
}
