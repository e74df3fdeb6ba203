package dev.agentrelay.webhook.delivery;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.WebhookId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds deliveries that are not done with, or whose sessions are not, and hands each to one worker
 * at a time over all replicas. A claim ends by itself, so a worker that dies holds nothing up for
 * long.
 */
@ApplicationScoped
public class OpenDeliveries implements PanacheRepositoryBase<Delivery, String> {
  private static final int MOST_WEBHOOKS = 200;

  /**
   * The oldest delivery that waits, if nobody works on it: of two who claim it at once, the second
   * finds the condition untrue and gets none.
   */
  private static final String CLAIM_HEAD =
      """
      with head as (
        select id from webhook.deliveries
        where webhook_id = :webhook and finished_at is null and queued_at is not null
        order by seq limit 1)
      update webhook.deliveries as mine set claimed_until = :until
      from head where mine.id = head.id and mine.claimed_until <= :now and mine.finished_at is null
      returning mine.id
      """;

  private static final String CLAIM_ABANDONED =
      """
      update webhook.deliveries set claimed_until = :until
      where id in (
        select id from webhook.deliveries
        where finished_at is null and queued_at is null and claimed_until <= :now
        order by claimed_until limit :most for update skip locked)
      returning id
      """;

  private static final String CLAIM_ORPHANED =
      """
      update webhook.deliveries set orphan_due_at = :until
      where id in (
        select id from webhook.deliveries where orphan_due_at <= :now
        order by orphan_due_at limit :most for update skip locked)
      returning id
      """;

  private final WebhookConfig config;
  private final SharedClock clock;

  OpenDeliveries(WebhookConfig config, SharedClock clock) {
    this.config = config;
    this.clock = clock;
  }

  /** The webhook's oldest delivery that waits, unless somebody works on it. */
  @Transactional
  public Optional<Delivery> claimHead(WebhookId webhook) {
    return claimed(
            getEntityManager()
                .createNativeQuery(CLAIM_HEAD, String.class)
                .setParameter("webhook", webhook.value()))
        .stream()
        .findFirst();
  }

  /** Deliveries that somebody began to work on and did not finish. */
  @Transactional
  public List<Delivery> claimAbandoned(int most) {
    return claimed(
        getEntityManager()
            .createNativeQuery(CLAIM_ABANDONED, String.class)
            .setParameter("most", most));
  }

  /** Failed deliveries whose sessions are to be ended, those left longest first. */
  @Transactional
  public List<Delivery> claimOrphaned(int most) {
    return claimed(
        getEntityManager()
            .createNativeQuery(CLAIM_ORPHANED, String.class)
            .setParameter("most", most));
  }

  private List<Delivery> claimed(Query claim) {
    Instant now = clock.instant();
    List<?> ids =
        claim
            .setParameter("now", now)
            .setParameter("until", now.plus(config.lease()))
            .getResultList();
    return ids.isEmpty() ? List.of() : list("id in ?1 order by seq", ids);
  }

  /** How many deliveries of a webhook wait or are on their way out of the queue. */
  @Transactional
  public long waiting(WebhookId webhook) {
    return count("webhookId = ?1 and finishedAt is null and queuedAt is not null", webhook.value());
  }

  /** How many deliveries wait at the webhook where most do. */
  @Transactional
  public long longestQueue() {
    return getEntityManager()
        .createQuery(
            "select count(d) from Delivery d where d.finishedAt is null and d.queuedAt is not null"
                + " group by d.webhookId order by count(d) desc",
            Long.class)
        .setMaxResults(1)
        .getResultStream()
        .findFirst()
        .orElse(0L);
  }

  /** Webhooks with deliveries that wait and that nobody works on, those left longest first. */
  @Transactional
  public List<WebhookId> waitingWebhooks() {
    return getEntityManager()
        .createQuery(
            "select d.webhookId from Delivery d where d.finishedAt is null"
                + " and d.queuedAt is not null and d.claimedUntil <= :now"
                + " group by d.webhookId order by min(d.claimedUntil)",
            String.class)
        .setParameter("now", clock.instant())
        .setMaxResults(MOST_WEBHOOKS)
        .getResultList()
        .stream()
        .map(WebhookId::new)
        .toList();
  }

  /** Webhooks of a runner with deliveries that wait. */
  @Transactional
  public List<WebhookId> waitingFor(RunnerId runner) {
    return getEntityManager()
        .createQuery(
            "select distinct d.webhookId from Delivery d join Webhook w on w.id = d.webhookId"
                + " where w.runnerId = :runner and d.finishedAt is null and d.queuedAt is not null",
            String.class)
        .setParameter("runner", runner.value())
        .setMaxResults(MOST_WEBHOOKS)
        .getResultList()
        .stream()
        .map(WebhookId::new)
        .toList();
  }
}
