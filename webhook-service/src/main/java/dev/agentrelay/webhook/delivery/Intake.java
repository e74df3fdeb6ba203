package dev.agentrelay.webhook.delivery;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.hook.Webhook;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Takes verified requests into the ledger, each with the sender's id of it. */
@ApplicationScoped
public class Intake {
  private static final int TRIGGER_ID_DIGITS = 16;

  /** Takes the sender's id unless a younger delivery has it; then nothing is returned. */
  private static final String CLAIM_SENDER_ID =
      """
      insert into webhook.sender_ids as known (webhook_id, sender_id, delivery_id, expires_at)
      select w.id, :sender, :delivery, :expires
      from webhook.webhooks w where w.id = :webhook and w.enabled
      on conflict (webhook_id, sender_id) do update
        set delivery_id = excluded.delivery_id, expires_at = excluded.expires_at
        where known.expires_at <= :now
      returning delivery_id
      """;

  private static final String OF_SENDER_ID =
      """
      select d.* from webhook.deliveries d join webhook.sender_ids s on s.delivery_id = d.id
      where s.webhook_id = :webhook and s.sender_id = :sender
      """;

  /**
   * Writes nothing when the webhook is gone by now. What a filter did not want starts nothing, so
   * its commit does not wait for the disk.
   */
  private static final String TAKE =
      """
      with taken as (
        insert into webhook.deliveries (id, webhook_id, sender_id, address, user_agent,
          verified_by, event_type, replay_of, body_bytes, state, received_at, queued_at,
          finished_at, expires_at, claimed_until, session_id, trigger_id, answer_status, answer_body)
        select :id, w.id, :sender, :address, :agent, :verified, :type, :replay, :bytes, :state,
          :received, :queued, :finished, :expires, :claimed, :session, :trigger, :status, :answer
        from webhook.webhooks w where w.id = :webhook and w.enabled
        returning id),
      kept as (
        insert into webhook.bodies (delivery_id, received_at, body)
        select id, :received, :body from taken)
      select count(*), case when :light then set_config('synchronous_commit', 'off', true) end
      from taken
      """;

  private final EntityManager database;
  private final WebhookConfig config;
  private final RelayMetrics metrics;
  private final SharedClock clock;

  Intake(EntityManager database, WebhookConfig config, RelayMetrics metrics, SharedClock clock) {
    this.database = database;
    this.config = config;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * What became of taking a request in.
   *
   * @param isNew false when the delivery is an earlier one with the same sender's id
   */
  public record Taken(Delivery delivery, boolean isNew) {}

  /**
   * Writes a request down.
   *
   * @param state {@link DeliveryState#RECEIVED} when the caller works on it from now, {@link
   *     DeliveryState#QUEUED} when it waits; any other when it is done with
   * @param answer what the sender is told, if that is known
   * @throws RelayException 404 when the webhook was disabled or deleted meanwhile
   */
  @Transactional
  public Taken take(
      Webhook webhook, Incoming incoming, DeliveryState state, @Nullable Answer answer) {
    Instant now = clock.instant();
    String senderId = incoming.senderId();
    if (senderId != null) {
      Optional<Delivery> earlier = claimSenderId(webhook, senderId, incoming.id(), now);
      if (earlier.isPresent()) {
        return new Taken(earlier.get(), false);
      }
    }
    Delivery delivery = row(webhook, incoming, now);
    delivery.state = state;
    switch (state) {
      case RECEIVED -> delivery.claimedUntil = now.plus(config.lease());
      case QUEUED -> {
        delivery.queuedAt = now;
        delivery.expiresAt = now.plus(config.queue().life());
      }
      default -> {
        delivery.finishedAt = now;
        metrics.count(Metric.WEBHOOK_DELIVERIES, state.text());
      }
    }
    if (answer != null) {
      delivery.answerStatus = answer.status();
      delivery.answerBody = answer.body();
    }
    write(delivery, incoming.body());
    return new Taken(delivery, true);
  }

  private void write(Delivery delivery, byte[] body) {
    Object[] written =
        session()
            .createNativeQuery(TAKE, Object[].class)
            .setParameter("id", delivery.id)
            .setParameter("webhook", delivery.webhookId)
            .setParameter("sender", delivery.senderId, String.class)
            .setParameter("address", delivery.address)
            .setParameter("agent", delivery.userAgent, String.class)
            .setParameter("verified", delivery.verifiedBy)
            .setParameter("type", delivery.eventType)
            .setParameter("replay", delivery.replayOf, String.class)
            .setParameter("bytes", delivery.bodyBytes)
            .setParameter("state", delivery.state.name())
            .setParameter("received", delivery.receivedAt)
            .setParameter("queued", delivery.queuedAt, Instant.class)
            .setParameter("finished", delivery.finishedAt, Instant.class)
            .setParameter("expires", delivery.expiresAt, Instant.class)
            .setParameter("claimed", delivery.claimedUntil)
            .setParameter("session", delivery.sessionId)
            .setParameter("trigger", delivery.triggerId)
            .setParameter("status", delivery.answerStatus, Integer.class)
            .setParameter("answer", delivery.answerBody, String.class)
            .setParameter("body", body)
            .setParameter("light", delivery.state == DeliveryState.FILTERED)
            .getSingleResult();
    if ((Long) written[0] == 0) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Webhook not found");
    }
  }

  private Optional<Delivery> claimSenderId(
      Webhook webhook, String senderId, DeliveryId delivery, Instant now) {
    boolean ours =
        !session()
            .createNativeQuery(CLAIM_SENDER_ID, String.class)
            .setParameter("webhook", webhook.id().value())
            .setParameter("sender", senderId)
            .setParameter("delivery", delivery.value())
            .setParameter("expires", now.plus(config.senderIdLife()))
            .setParameter("now", now)
            .getResultList()
            .isEmpty();
    return ours
        ? Optional.empty()
        : Optional.of(
            session()
                .createNativeQuery(OF_SENDER_ID, Delivery.class)
                .setParameter("webhook", webhook.id().value())
                .setParameter("sender", senderId)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Webhook not found")));
  }

  private static Delivery row(Webhook webhook, Incoming incoming, Instant now) {
    Delivery delivery = new Delivery();
    delivery.id = incoming.id().value();
    delivery.webhookId = webhook.id().value();
    delivery.senderId = incoming.senderId();
    delivery.address = incoming.address();
    delivery.userAgent = incoming.userAgent();
    delivery.verifiedBy = incoming.verifiedBy();
    delivery.eventType = incoming.eventType();
    DeliveryId replayed = incoming.replayOf();
    delivery.replayOf = replayed == null ? null : replayed.value();
    delivery.bodyBytes = incoming.body().length;
    delivery.receivedAt = now;
    delivery.claimedUntil = now;
    delivery.sessionId = UUID.randomUUID().toString();
    delivery.triggerId =
        "wh_" + UUID.randomUUID().toString().replace("-", "").substring(0, TRIGGER_ID_DIGITS);
    return delivery;
  }

  private Session session() {
    return database.unwrap(Session.class);
  }
}
