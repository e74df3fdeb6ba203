package dev.agentrelay.webhook.dispatch;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
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
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Delivers what waits: one delivery after the other for each webhook, in the order in which they
 * came. Which replica does it is decided by claims in the ledger, so any number may try.
 */
@ApplicationScoped
public class OfflineQueue {
  private static final Logger LOG = Logger.getLogger(OfflineQueue.class);
  private static final int AT_ONCE = 32;
  private static final int ABANDONED_AT_ONCE = 50;

  private final OpenDeliveries open;
  private final Deliveries deliveries;
  private final Webhooks webhooks;
  private final Work work;
  private final Answers answers;
  private final Payload payload;
  private final Set<WebhookId> underWay = ConcurrentHashMap.newKeySet();
  private final Semaphore permits = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  OfflineQueue(
      OpenDeliveries open,
      Deliveries deliveries,
      Webhooks webhooks,
      Work work,
      Answers answers,
      Payload payload,
      RelayMetrics metrics) {
    this.open = open;
    this.deliveries = deliveries;
    this.webhooks = webhooks;
    this.work = work;
    this.answers = answers;
    this.payload = payload;
    metrics.bound(Bound.WEBHOOK_QUEUE_WORKERS, () -> AT_ONCE - permits.availablePermits(), AT_ONCE);
  }

  /** A runner is there: begins with what waits for it. Does not block. */
  public void runnerIsBack(RunnerId runner) {
    inBackground(() -> open.waitingFor(runner).forEach(this::begin));
  }

  /** Begins with whatever nobody works on. */
  void lookAround() {
    open.waitingWebhooks().forEach(this::begin);
    for (Delivery delivery : open.claimAbandoned(ABANDONED_AT_ONCE)) {
      inBackground(() -> workOn(delivery));
    }
  }

  /** Begins with what waits at a webhook, unless this replica is at it. Does not block. */
  public void begin(WebhookId webhook) {
    if (underWay.add(webhook)) {
      inBackground(
          () -> {
            try {
              drain(webhook);
            } finally {
              underWay.remove(webhook);
            }
          });
    }
  }

  private void drain(WebhookId webhook) {
    boolean goesOn = true;
    while (goesOn && !Thread.currentThread().isInterrupted()) {
      goesOn = open.claimHead(webhook).map(this::workOn).orElse(false);
    }
  }

  /** Whether the delivery is done with. */
  private boolean workOn(Delivery delivery) {
    if (!delivery.isCommanded() && delivery.isExpired(Instant.now())) {
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
      return work.fail(delivery, ErrorCode.NOT_FOUND, "Webhook is disabled", true).done();
    }
    return work.on(webhook.get(), delivery, payload.parse(body.get())).done();
  }

  private void inBackground(Runnable task) {
    try {
      threads.execute(
          () -> {
            try {
              permits.acquire();
            } catch (InterruptedException stopping) {
              Thread.currentThread().interrupt();
              return;
            }
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.warnf("waiting deliveries are held up: %s", e);
            } finally {
              permits.release();
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
