package dev.agentrelay.webhook.delivery;

import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.hook.Webhook;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;
import org.hibernate.query.MutationQuery;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ledger. Each step of a delivery is one statement that carries its own condition, so
 * that two who work on the same delivery cannot undo each other's.
 */
@ApplicationScoped
public class Deliveries implements PanacheRepositoryBase<Delivery, String> {
  private static final int TRIGGER_ID_DIGITS = 16;

  /** Takes the sender's id unless a younger delivery has it; then nothing is returned. */
  private static final String CLAIM_SENDER_ID =
      """
      insert into webhook.sender_ids as known (webhook_id, sender_id, delivery_id, expires_at)
      values (:webhook, :sender, :delivery, :expires)
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

  private final WebhookConfig config;

  Deliveries(WebhookConfig config) {
    this.config = config;
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
   */
  @Transactional
  public Taken take(
      Webhook webhook, Incoming incoming, DeliveryState state, @Nullable Answer answer) {
    Instant now = now();
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
      default -> delivery.finishedAt = now;
    }
    if (answer != null) {
      delivery.answerStatus = answer.status();
      delivery.answerBody = answer.body();
    }
    persist(delivery);
    flush();
    sql("insert into webhook.bodies (delivery_id, received_at, body) values (:id, :at, :body)")
        .setParameter("id", delivery.id)
        .setParameter("at", now)
        .setParameter("body", incoming.body())
        .executeUpdate();
    return new Taken(delivery, true);
  }

  /** A runner is about to be asked for a session. */
  @Transactional
  public void started(DeliveryId id) {
    Instant now = now();
    update(
        "state = ?1, startedAt = coalesce(startedAt, ?2), claimedUntil = ?3 where id = ?4 and"
            + " finishedAt is null",
        DeliveryState.STARTED,
        now,
        now.plus(config.lease()),
        id.value());
  }

  /** A runner has taken the request for a session. */
  @Transactional
  public void spawned(DeliveryId id) {
    Instant now = now();
    update(
        "state = ?1, spawnedAt = coalesce(spawnedAt, ?2), claimedUntil = ?3 where id = ?4 and"
            + " finishedAt is null",
        DeliveryState.SPAWNED,
        now,
        now.plus(config.lease()),
        id.value());
  }

  /**
   * A delivery is done with.
   *
   * @param error why it failed
   * @param answer what the sender is told, unless it was told something before
   */
  @Transactional
  public void finish(DeliveryId id, DeliveryState state, @Nullable String error, Answer answer) {
    update(
        "state = ?1, finishedAt = ?2, lastError = ?3,"
            + " answerStatus = coalesce(answerStatus, ?4), answerBody = coalesce(answerBody, ?5)"
            + " where id = ?6 and finishedAt is null",
        state,
        now(),
        error,
        answer.status(),
        answer.body(),
        id.value());
  }

  /** Nothing was started, so the sender may try again under the same id. */
  @Transactional
  public void releaseSenderId(DeliveryId id) {
    sql("delete from webhook.sender_ids where delivery_id = :id")
        .setParameter("id", id.value())
        .executeUpdate();
  }

  /**
   * The runner was asked in vain: the delivery waits for it.
   *
   * @param answer what the sender is told, unless it was told something before
   */
  @Transactional
  public void queue(DeliveryId id, String error, Answer answer) {
    Instant now = now();
    update(
        "state = ?1, queuedAt = coalesce(queuedAt, ?2), expiresAt = coalesce(expiresAt, ?3),"
            + " startedAt = null, claimedUntil = ?2, attempt = attempt + 1, lastError = ?4,"
            + " answerStatus = coalesce(answerStatus, ?5), answerBody = coalesce(answerBody, ?6)"
            + " where id = ?7 and finishedAt is null",
        DeliveryState.QUEUED,
        now,
        now.plus(config.queue().life()),
        error,
        answer.status(),
        answer.body(),
        id.value());
  }

  /**
   * What came of the last step is not known: somebody asks again, after a pause.
   *
   * @param answer what the sender is told, if it need not wait for the outcome
   */
  @Transactional
  public void askAgain(DeliveryId id, String error, @Nullable Answer answer) {
    update(
        "claimedUntil = ?1, lastError = ?2 where id = ?3 and finishedAt is null",
        now().plus(config.queue().sweepEvery()),
        error,
        id.value());
    if (answer != null) {
      update(
          "answerStatus = ?1, answerBody = ?2 where id = ?3 and answerStatus is null",
          answer.status(),
          answer.body(),
          id.value());
    }
  }

  /** What the sender was told; empty while that is not known. */
  @Transactional
  public Optional<Answer> answer(DeliveryId id) {
    return findByIdOptional(id.value()).flatMap(Delivery::answer);
  }

  /** What was sent, while it is kept. */
  @Transactional
  public Optional<byte[]> body(DeliveryId id) {
    List<byte[]> found =
        session()
            .createNativeQuery(
                "select body from webhook.bodies where delivery_id = :id", byte[].class)
            .setParameter("id", id.value())
            .getResultList();
    return found.stream().findFirst();
  }

  /** The delivery of that id and webhook. */
  @Transactional
  public Optional<Delivery> find(WebhookId webhook, DeliveryId id) {
    return id.value().indexOf('\0') >= 0
        ? Optional.empty()
        : find("id = ?1 and webhookId = ?2", id.value(), webhook.value()).firstResultOptional();
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
                .getSingleResult());
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

  private MutationQuery sql(String statement) {
    return session().createNativeMutationQuery(statement);
  }

  private Session session() {
    return getEntityManager().unwrap(Session.class);
  }

  /** The time as the wire can carry it. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
