package dev.agentrelay.webhook.dispatch;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.delivery.Answers;
import dev.agentrelay.webhook.delivery.Deliveries;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.delivery.DeliveryState;
import dev.agentrelay.webhook.delivery.OpenDeliveries;
import dev.agentrelay.webhook.delivery.Payload;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.Webhooks;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Delivers what waits: one delivery after the other for each webhook, in the order in which they
 * came, and the webhooks in turn. Which replica does it is decided by claims in the ledger, so any
 * number may try.
 */
@ApplicationScoped
public class OfflineQueue {
  private static final Logger LOG = Logger.getLogger(OfflineQueue.class);

  /** Deliveries out of the queue, and as many again that somebody else began. */
  private static final int AT_ONCE = 32;

  private final OpenDeliveries open;
  private final Deliveries deliveries;
  private final Webhooks webhooks;
  private final Work work;
  private final Answers answers;
  private final Payload payload;
  private final SharedClock clock;
  private final Set<WebhookId> underWay = ConcurrentHashMap.newKeySet();

  /** Fair, so that a webhook whose sessions do not come holds up no other for long. */
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  private final Semaphore rescues = new Semaphore(AT_ONCE);
  private final AtomicLong longest = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  OfflineQueue(
      OpenDeliveries open,
      Deliveries deliveries,
      Webhooks webhooks,
      Work work,
      Answers answers,
      Payload payload,
      WebhookConfig config,
      SharedClock clock,
      RelayMetrics metrics) {
    this.open = open;
    this.deliveries = deliveries;
    this.webhooks = webhooks;
    this.work = work;
    this.answers = answers;
    this.payload = payload;
    this.clock = clock;
    metrics.bound(
        Bound.WEBHOOK_QUEUE_WORKERS,
        () -> 2 * AT_ONCE - turns.availablePermits() - rescues.availablePermits(),
        2 * AT_ONCE);
    metrics.bound(Bound.LONGEST_WEBHOOK_QUEUE, longest::get, config.queue().capacity());
  }

  /** A runner is there: begins with what waits for it. Blocks for the look into the ledger. */
  void runnerIsBack(RunnerId runner) {
    open.waitingFor(runner).forEach(this::begin);
  }

  /** Begins with whatever nobody works on. */
  void lookAround() {
    longest.set(open.longestQueue());
    open.waitingWebhooks().forEach(this::begin);
    rescue();
  }

  /** Goes on with what somebody else began; claims no more than can be worked on at once. */
  private void rescue() {
    int room = rescues.drainPermits();
    List<Delivery> claimed = List.of();
    try {
      claimed = room == 0 ? claimed : open.claimAbandoned(room);
    } finally {
      rescues.release(room - claimed.size());
    }
    for (Delivery delivery : claimed) {
      inBackground(() -> workOn(delivery), rescues::release);
    }
  }

  /** Begins with what waits at a webhook, unless this replica is at it. Does not block. */
  public void begin(WebhookId webhook) {
    if (underWay.add(webhook)) {
      inBackground(() -> drain(webhook), () -> underWay.remove(webhook));
    }
  }

  private void drain(WebhookId webhook) {
    boolean goesOn = true;
    try {
      while (goesOn) {
        turns.acquire();
        try {
          goesOn = open.claimHead(webhook).map(this::workOn).orElse(false);
        } finally {
          turns.release();
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the delivery is done with. */
  private boolean workOn(Delivery delivery) {
    if (!delivery.isCommanded() && delivery.isExpired(clock.instant())) {
      String text = "The runner was not back in time";
      deliveries.finish(
          delivery.id(), DeliveryState.EXPIRED, text, answers.error(ErrorCode.UNAVAILABLE, text));
      return true;
    }
    Optional<Webhook> webhook = webhooks.find(delivery.webhookId());
    Optional<byte[]> body = deliveries.body(delivery.id());
    if (webhook.isEmpty() || body.isEmpty()) {
      // Deleted meanwhile, and the delivery with it.
      return true;
    }
    if (!webhook.get().enabled() && !delivery.isCommanded()) {
      return work.fail(delivery, ErrorCode.NOT_FOUND, "Webhook is disabled").done();
    }
    return work.on(webhook.get(), delivery, payload.parse(body.get())).done();
  }

  private void inBackground(Runnable task, Runnable after) {
    try {
      threads.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.warnf("waiting deliveries are held up: %s", e);
            } finally {
              after.run();
            }
          });
    } catch (RejectedExecutionException stopping) {
      LOG.debug("stopping: another replica goes on", stopping);
    }
  }

  /** What is under way is gone on with by another replica, or by this one when it is back. */
  @PreDestroy
  void stop() {
    threads.shutdownNow();
  }
}
