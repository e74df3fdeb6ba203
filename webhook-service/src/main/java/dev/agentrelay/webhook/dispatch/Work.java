package dev.agentrelay.webhook.dispatch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.webhook.delivery.Answer;
import dev.agentrelay.webhook.delivery.Answers;
import dev.agentrelay.webhook.delivery.Deliveries;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.delivery.DeliveryState;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.WhenOffline;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Takes one delivery as far as it gets now, and writes into the ledger how far that was. */
@ApplicationScoped
public class Work {
  /** Well below the hour for which gateways remember commands. */
  private static final Duration KNOWN_FOR = Duration.ofMinutes(30);

  private final Dispatcher dispatcher;
  private final Deliveries deliveries;
  private final Answers answers;
  private final OrphanedSessions orphans;
  private final SharedClock clock;

  Work(
      Dispatcher dispatcher,
      Deliveries deliveries,
      Answers answers,
      OrphanedSessions orphans,
      SharedClock clock) {
    this.dispatcher = dispatcher;
    this.deliveries = deliveries;
    this.answers = answers;
    this.orphans = orphans;
    this.clock = clock;
  }

  /**
   * How far a delivery got.
   *
   * @param answer what its sender is told
   * @param done false when it waits for something
   */
  public record Progress(Answer answer, boolean done) {}

  /** Works on a delivery that the caller has claimed; blocks for as long as runners may take. */
  public Progress on(Webhook webhook, Delivery delivery, ObjectNode body) {
    if (delivery.isCommanded() && delivery.isStartedBefore(clock.instant().minus(KNOWN_FOR))) {
      return failStarted(
          webhook,
          delivery,
          ErrorCode.UNAVAILABLE,
          "It was interrupted, and nobody knows how far it got");
    }
    return switch (dispatcher.dispatch(webhook, delivery, body)) {
      case Outcome.Delivered delivered -> {
        Answer answer = answers.delivered(delivery);
        deliveries.finish(delivery.id(), DeliveryState.DELIVERED, delivered.doubt(), answer);
        yield new Progress(answer, true);
      }
      case Outcome.Failed failed when failed.started() ->
          failStarted(webhook, delivery, failed.code(), failed.text());
      case Outcome.Failed failed -> fail(delivery, failed.code(), failed.text());
      case Outcome.Away away when mayWait(webhook, delivery) -> {
        Answer answer = answers.queued(delivery.id());
        deliveries.queue(delivery.id(), away.text(), answer);
        yield new Progress(answer, false);
      }
      case Outcome.Away away -> fail(delivery, away.code(), away.text());
      case Outcome.Unknown unknown -> {
        boolean waits = mayWait(webhook, delivery);
        Answer queued = answers.queued(delivery.id());
        deliveries.askAgain(delivery.id(), unknown.reason(), waits ? queued : null);
        yield new Progress(
            waits
                ? queued
                : answers.error(ErrorCode.UNAVAILABLE, "Service temporarily unavailable"),
            false);
      }
    };
  }

  /** A delivery that cannot go on and has started nothing. */
  Progress fail(Delivery delivery, ErrorCode code, String text) {
    Answer answer = answers.error(code, text);
    boolean toldBefore = delivery.answer().isPresent();
    deliveries.fail(delivery.id(), text, answer, !toldBefore);
    return new Progress(answer, true);
  }

  private Progress failStarted(Webhook webhook, Delivery delivery, ErrorCode code, String text) {
    Answer answer = answers.error(code, text);
    deliveries.failStarted(delivery.id(), text, answer);
    orphans.end(webhook, delivery);
    return new Progress(answer, true);
  }

  private static boolean mayWait(Webhook webhook, Delivery delivery) {
    return delivery.isQueued() || webhook.whenOffline() == WhenOffline.QUEUE;
  }
}
