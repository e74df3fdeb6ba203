package dev.agentrelay.webhook.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.webhook.WebhookId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One row of the ledger. Written by {@link Deliveries} alone. */
@Entity
@Table(name = "deliveries", schema = "webhook")
public class Delivery {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Id
  @Column(name = "id")
  String id;

  @Column(name = "seq", insertable = false, updatable = false)
  long seq;

  @Column(name = "webhook_id")
  String webhookId;

  @Column(name = "sender_id")
  @Nullable String senderId;

  @Column(name = "address")
  String address;

  @Column(name = "user_agent")
  @Nullable String userAgent;

  @Column(name = "verified_by")
  String verifiedBy;

  @Column(name = "event_type")
  String eventType;

  @Column(name = "replay_of")
  @Nullable String replayOf;

  @Column(name = "body_bytes")
  int bodyBytes;

  @Column(name = "state")
  @Enumerated(EnumType.STRING)
  DeliveryState state;

  @Column(name = "received_at")
  Instant receivedAt;

  @Column(name = "queued_at")
  @Nullable Instant queuedAt;

  @Column(name = "started_at")
  @Nullable Instant startedAt;

  @Column(name = "spawned_at")
  @Nullable Instant spawnedAt;

  @Column(name = "finished_at")
  @Nullable Instant finishedAt;

  @Column(name = "expires_at")
  @Nullable Instant expiresAt;

  @Column(name = "claimed_until")
  Instant claimedUntil;

  @Column(name = "orphan_due_at")
  @Nullable Instant orphanDueAt;

  @Column(name = "attempt")
  int attempt;

  @Column(name = "session_id")
  String sessionId;

  @Column(name = "trigger_id")
  String triggerId;

  @Column(name = "last_error")
  @Nullable String lastError;

  @Column(name = "answer_status")
  @Nullable Integer answerStatus;

  @Column(name = "answer_body")
  @Nullable String answerBody;

  protected Delivery() {}

  public DeliveryId id() {
    return new DeliveryId(id);
  }

  public WebhookId webhookId() {
    return new WebhookId(webhookId);
  }

  public Instant receivedAt() {
    return receivedAt;
  }

  /** The id that its session gets, decided before any runner is asked. */
  public SessionId sessionId() {
    return new SessionId(sessionId);
  }

  public String eventType() {
    return eventType;
  }

  public String triggerId() {
    return triggerId;
  }

  /** How often runners were asked in vain. */
  public int attempt() {
    return attempt;
  }

  /** Whether a runner may have been asked for its session. */
  public boolean isCommanded() {
    return state == DeliveryState.STARTED || isSpawned();
  }

  /** Whether it waits, or waited, for its runner. */
  public boolean isQueued() {
    return queuedAt != null;
  }

  public boolean isSpawned() {
    return state == DeliveryState.SPAWNED;
  }

  /** Whether its runner did not come back in time. */
  public boolean isExpired(Instant now) {
    return expiresAt != null && now.isAfter(expiresAt);
  }

  /** Whether a runner was asked before that time, so that no gateway remembers it. */
  public boolean isStartedBefore(Instant time) {
    return startedAt != null && startedAt.isBefore(time);
  }

  /** What the sender was told; empty while that is not known. */
  public Optional<Answer> answer() {
    return answerStatus == null || answerBody == null
        ? Optional.empty()
        : Optional.of(new Answer(answerStatus, answerBody));
  }

  /**
   * The row as its owner sees it, every member present.
   *
   * @param bodyKept whether it can be fired again
   */
  public ObjectNode toInfo(boolean bodyKept) {
    boolean spawned = spawnedAt != null;
    ObjectNode info = JSON.createObjectNode();
    info.put("id", id);
    info.put("webhookId", webhookId);
    info.put("receivedAt", Timestamps.text(receivedAt));
    info.put("from", address);
    info.put("userAgent", userAgent);
    info.put("verifiedBy", verifiedBy);
    info.put("senderId", senderId);
    info.put("eventType", eventType);
    info.put("filtered", state == DeliveryState.FILTERED);
    info.put("sessionId", spawned ? sessionId : null);
    info.put("triggerId", state == DeliveryState.DELIVERED ? triggerId : null);
    info.put("state", state.text());
    info.set("states", states());
    info.put("lastError", lastError);
    info.put("status", answerStatus);
    info.put("replayOf", replayOf);
    info.put("expiresAt", expiresAt == null ? null : Timestamps.text(expiresAt));
    info.put("bodyBytes", bodyBytes);
    info.put("bodyKept", bodyKept);
    return info;
  }

  private ArrayNode states() {
    ArrayNode states = JSON.createArrayNode();
    add(states, DeliveryState.RECEIVED, receivedAt);
    add(states, DeliveryState.QUEUED, queuedAt);
    add(states, DeliveryState.STARTED, startedAt);
    add(states, DeliveryState.SPAWNED, spawnedAt);
    add(states, state, finishedAt);
    return states;
  }

  private static void add(ArrayNode states, DeliveryState state, @Nullable Instant at) {
    if (at != null) {
      states.addObject().put("state", state.text()).put("at", Timestamps.text(at));
    }
  }
}
