package dev.agentrelay.webhook.fire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.delivery.Answers;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.delivery.DeliveryState;
import dev.agentrelay.webhook.delivery.Incoming;
import dev.agentrelay.webhook.delivery.Intake;
import dev.agentrelay.webhook.delivery.Intake.Taken;
import dev.agentrelay.webhook.delivery.OpenDeliveries;
import dev.agentrelay.webhook.dispatch.OfflineQueue;
import dev.agentrelay.webhook.dispatch.Work;
import dev.agentrelay.webhook.hook.RunnerPresence;
import dev.agentrelay.webhook.hook.RunnerPresence.Presence;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.WhenOffline;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** Takes a verified request into the ledger and sees to it that an agent starts. Blocks. */
@ApplicationScoped
class Firing {
  private static final Logger LOG = Logger.getLogger(Firing.class);

  private final Intake intake;
  private final OpenDeliveries open;
  private final Answers answers;
  private final Work work;
  private final OfflineQueue queue;
  private final RunnerPresence runners;
  private final FirstAnswer firstAnswer;
  private final int capacity;
  private final Semaphore waiting;

  Firing(
      Intake intake,
      OpenDeliveries open,
      Answers answers,
      Work work,
      OfflineQueue queue,
      RunnerPresence runners,
      FirstAnswer firstAnswer,
      WebhookConfig config,
      RelayMetrics metrics) {
    this.intake = intake;
    this.open = open;
    this.answers = answers;
    this.work = work;
    this.queue = queue;
    this.runners = runners;
    this.firstAnswer = firstAnswer;
    this.capacity = config.queue().capacity();
    this.waiting = new Semaphore(config.mostWaiting());
    metrics.bound(
        Bound.WEBHOOK_REQUESTS,
        () -> config.mostWaiting() - waiting.availablePermits(),
        config.mostWaiting());
  }

  Fired fire(Webhook webhook, Incoming incoming, ObjectNode body) {
    if (!webhook.wants(incoming.eventType())) {
      return fired(intake.take(webhook, incoming, DeliveryState.FILTERED, answers.filtered()));
    }
    if (webhook.whenOffline() == WhenOffline.QUEUE && webhook.runnerId() != null) {
      // Who comes later does not overtake.
      long ahead = open.waiting(webhook.id());
      if (ahead > 0 || isAway(webhook, webhook.runnerId())) {
        return enqueue(webhook, incoming, ahead);
      }
    }
    if (!waiting.tryAcquire()) {
      throw RelayException.unavailable("Too many requests are waiting for runners");
    }
    try {
      Taken taken = intake.take(webhook, incoming, DeliveryState.RECEIVED, null);
      return taken.isNew()
          ? new Fired(work.on(webhook, taken.delivery(), body).answer(), incoming.id(), false)
          : fired(taken);
    } finally {
      waiting.release();
    }
  }

  private Fired enqueue(Webhook webhook, Incoming incoming, long ahead) {
    if (ahead >= capacity) {
      throw RelayException.unavailable("Too many deliveries of this webhook are waiting");
    }
    Taken taken =
        intake.take(webhook, incoming, DeliveryState.QUEUED, answers.queued(incoming.id()));
    queue.begin(webhook.id());
    return fired(taken);
  }

  /** What cannot be known now is not waited for. */
  private boolean isAway(Webhook webhook, RunnerId runner) {
    try {
      return runners.of(runner, webhook.userId()) == Presence.ABSENT;
    } catch (RuntimeException redisAway) {
      LOG.warnf("a delivery of %s waits, because Redis is away: %s", webhook.id(), redisAway);
      return true;
    }
  }

  /** The answer that is known, or will be when the request that came first is done with. */
  private Fired fired(Taken taken) {
    Delivery delivery = taken.delivery();
    return new Fired(firstAnswer.of(delivery), delivery.id(), !taken.isNew());
  }
}
