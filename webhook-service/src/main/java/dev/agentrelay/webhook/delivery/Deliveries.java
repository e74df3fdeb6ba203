package dev.agentrelay.webhook.delivery;

import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.WebhookId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.Session;
import org.hibernate.query.MutationQuery;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ledger. Each step of a delivery is one statement that carries its own condition, so
 * that two who work on the same delivery cannot undo each other's.
 */
@ApplicationScoped
public class Deliveries implements PanacheRepositoryBase<Delivery, String> {
  private final WebhookConfig config;
  private final RelayMetrics metrics;
  private final SharedClock clock;

  Deliveries(WebhookConfig config, RelayMetrics metrics, SharedClock clock) {
    this.config = config;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** A runner is about to be asked for a session. */
  @Transactional
  public void started(DeliveryId id) {
    Instant now = clock.instant();
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
    Instant now = clock.instant();
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
   * @param error why it failed, or may have
   * @param answer what the sender is told, unless it was told something before
   */
  @Transactional
  public void finish(DeliveryId id, DeliveryState state, @Nullable String error, Answer answer) {
    int finished =
        update(
            "state = ?1, finishedAt = ?2, lastError = ?3, answerStatus = coalesce(answerStatus,"
                + " ?4), answerBody = coalesce(answerBody, ?5) where id = ?6 and finishedAt is"
                + " null",
            state,
            clock.instant(),
            error,
            answer.status(),
            answer.body(),
            id.value());
    if (finished > 0) {
      metrics.count(Metric.WEBHOOK_DELIVERIES, state.text());
    }
  }

  /** The worker of a delivered one has said that it has it. */
  @Transactional
  public void acknowledged(DeliveryId id) {
    update("lastError = null where id = ?1 and state = ?2", id.value(), DeliveryState.DELIVERED);
  }

  /**
   * A delivery has failed.
   *
   * @param again whether the sender may try again under the same id, because nothing was started
   */
  @Transactional
  public void fail(DeliveryId id, String error, Answer answer, boolean again) {
    finish(id, DeliveryState.FAILED, error, answer);
    if (again) {
      releaseSenderId(id);
    }
  }

  /**
   * A delivery has failed that may have a session, which is to be ended: by the caller now, or by
   * whoever finds it later.
   */
  @Transactional
  public void failStarted(DeliveryId id, String error, Answer answer) {
    finish(id, DeliveryState.FAILED, error, answer);
    update(
        "orphanDueAt = ?1 where id = ?2 and state = ?3",
        clock.instant().plus(config.lease()),
        id.value(),
        DeliveryState.FAILED);
  }

  /** The runner has been told to end the session of a failed delivery. */
  @Transactional
  public void sessionEnded(DeliveryId id) {
    update("orphanDueAt = null where id = ?1", id.value());
  }

  private void releaseSenderId(DeliveryId id) {
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
    Instant now = clock.instant();
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
        clock.instant().plus(config.queue().sweepEvery()),
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

  private MutationQuery sql(String statement) {
    return session().createNativeMutationQuery(statement);
  }

  private Session session() {
    return getEntityManager().unwrap(Session.class);
  }
}
