package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.trigger.delivery.Trigger;
import dev.agentrelay.trigger.history.History.State;
import dev.agentrelay.trigger.json.StoredJson;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** The tables of events and their deliveries. */
@ApplicationScoped
public class Events implements PanacheRepositoryBase<EventRow, String> {
  private static final String INSERT =
      """
      insert into trigger.events (event_id, user_id, fire_key, type, event, created_at)
      values (:id, :user, :key, :type, :event, :at)
      on conflict (user_id, fire_key) do nothing
      """;

  /** An event and where it goes. */
  record Stored(EventRow event, List<DeliveryRow> deliveries, boolean created) {}

  /**
   * Where an event is to go.
   *
   * @param sessionId a session, or else
   * @param listenerId a listener
   */
  record Destination(@Nullable String sessionId, @Nullable String listenerId, String deliverAs) {}

  /** Who waits for an answer, under which trigger id of its own, and until when. */
  record Reply(SessionId session, String triggerId, Instant until) {}

  /** The event of that fire, if it was published before. */
  @Transactional
  Optional<Stored> find(UserId user, String fireKey) {
    return find("userId = ?1 and fireKey = ?2", user.value(), fireKey)
        .firstResultOptional()
        .map(event -> stored(event, false));
  }

  /** Stores an event, unless the same fire was published meanwhile: then that is the answer. */
  @Transactional
  Stored add(
      UserId user,
      @Nullable String fireKey,
      String type,
      ObjectNode common,
      List<Destination> destinations,
      @Nullable Reply reply) {
    Instant now = Instant.now();
    String id = "evt_" + Trigger.random();
    int inserted =
        getEntityManager()
            .unwrap(Session.class)
            .createNativeMutationQuery(INSERT)
            .setParameter("id", id)
            .setParameter("user", user.value())
            .setParameter("key", fireKey, String.class)
            .setParameter("type", type)
            .setParameter("event", StoredJson.text(common))
            .setParameter("at", now)
            .executeUpdate();
    if (inserted == 0 && fireKey != null) {
      return find(user, fireKey).orElseThrow();
    }
    for (int i = 0; i < destinations.size(); i++) {
      getEntityManager().persist(delivery(user, id, i, destinations.get(i), now, reply));
    }
    return stored(findById(id), true);
  }

  /** Writes down what became of a delivery. */
  @Transactional
  DeliveryRow settle(
      DeliveryRow stale, State state, @Nullable String reason, @Nullable SessionId session) {
    DeliveryRow row = getEntityManager().find(DeliveryRow.class, stale.deliveryId);
    if (row == null || row.state == State.DELIVERED) {
      return row == null ? stale : row;
    }
    row.state = state;
    row.reason = reason;
    row.at = Instant.now();
    row.attempt += state == State.UNKNOWN ? 0 : 1;
    row.sessionId = session == null ? row.sessionId : session.value();
    return row;
  }

  /** The user's delivery of that id. */
  @Transactional
  Optional<DeliveryRow> delivery(UserId user, String deliveryId) {
    return Optional.ofNullable(getEntityManager().find(DeliveryRow.class, deliveryId))
        .filter(row -> row.userId.equals(user.value()));
  }

  /** Has the next attempt at handing the answer over be another than this one, which is over. */
  @Transactional
  void endReplyAttempt(DeliveryRow delivery) {
    getEntityManager()
        .createQuery(
            "update DeliveryRow d set d.replyAttempt = :next"
                + " where d.deliveryId = :id and d.replyAttempt = :ended")
        .setParameter("next", delivery.replyAttempt + 1)
        .setParameter("id", delivery.deliveryId)
        .setParameter("ended", delivery.replyAttempt)
        .executeUpdate();
  }

  /** Keeps the answer; false when there is one already. */
  @Transactional
  boolean answer(DeliveryRow delivery, ObjectNode response) {
    return getEntityManager()
            .createQuery(
                "update DeliveryRow d set d.response = :response"
                    + " where d.deliveryId = :id and d.response is null")
            .setParameter("response", StoredJson.text(response))
            .setParameter("id", delivery.deliveryId)
            .executeUpdate()
        > 0;
  }

  /** Forgets events, and with them their deliveries. */
  @Transactional
  public long forget(Instant createdBefore) {
    return delete("createdAt < ?1", createdBefore);
  }

  private Stored stored(EventRow event, boolean created) {
    List<DeliveryRow> deliveries =
        getEntityManager()
            .createQuery(
                "from DeliveryRow d where d.eventId = :event order by d.position",
                DeliveryRow.class)
            .setParameter("event", event.eventId)
            .getResultList();
    return new Stored(event, deliveries, created);
  }

  private static DeliveryRow delivery(
      UserId user,
      String eventId,
      int position,
      Destination destination,
      Instant now,
      @Nullable Reply reply) {
    DeliveryRow row = new DeliveryRow();
    row.deliveryId = "dlv_" + Trigger.random();
    row.eventId = eventId;
    row.position = position;
    row.userId = user.value();
    row.sessionId = destination.sessionId();
    row.listenerId = destination.listenerId();
    row.deliverAs = destination.deliverAs();
    row.state = State.QUEUED;
    row.at = now;
    if (reply != null) {
      row.replySessionId = reply.session().value();
      row.replyTriggerId = reply.triggerId();
      row.replyUntil = reply.until();
    }
    return row;
  }
}
