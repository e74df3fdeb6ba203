package dev.agentrelay.webhook.dispatch;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.EndSession;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.webhook.delivery.Deliveries;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.delivery.OpenDeliveries;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.Webhooks;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Ends sessions that were started for a delivery and never got its trigger: they would wait for
 * work for ever. A runner that is away when it is asked may come back with the session.
 */
@ApplicationScoped
class OrphanedSessions {
  private static final Logger LOG = Logger.getLogger(OrphanedSessions.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final int AT_ONCE = 50;

  private final GatewayCommands gateway;
  private final OpenDeliveries open;
  private final Deliveries deliveries;
  private final Webhooks webhooks;

  OrphanedSessions(
      GatewayCommands gateway, OpenDeliveries open, Deliveries deliveries, Webhooks webhooks) {
    this.gateway = gateway;
    this.open = open;
    this.deliveries = deliveries;
    this.webhooks = webhooks;
  }

  /**
   * Has the runner end the session of a delivery that counts as failed; one that cannot be ended
   * now is found by a later sweep. Blocks for the answer.
   */
  void end(Webhook webhook, Delivery delivery) {
    CommandId id = new CommandId("delivery:" + delivery.id() + ":end:" + UUID.randomUUID());
    try {
      CommandAnswer answer =
          gateway
              .send(
                  id,
                  webhook.userId(),
                  new EndSession(delivery.sessionId(), webhook.runnerId()),
                  ANSWER_WITHIN)
              .await()
              .indefinitely();
      if (answer.isDelivered() || answer.outcome() == Outcome.FORBIDDEN) {
        deliveries.sessionEnded(delivery.id());
      } else {
        LOG.debugf("session %s is ended later: %s", delivery.sessionId(), answer.outcome());
      }
    } catch (RuntimeException unknown) {
      LOG.warnf("session %s is ended later: %s", delivery.sessionId(), unknown);
    }
  }

  /** Any number of replicas may be at it. */
  @Scheduled(
      every = "${relay.webhook.queue.sweep-every:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void sweep() {
    try {
      for (Delivery delivery : open.claimOrphaned(AT_ONCE)) {
        webhooks.find(delivery.webhookId()).ifPresent(webhook -> end(webhook, delivery));
      }
    } catch (RuntimeException away) {
      LOG.warnf("sessions to be ended cannot be looked for: %s", away);
    }
  }
}
