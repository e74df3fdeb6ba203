package dev.agentrelay.webhook.fire;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.webhook.delivery.Answer;
import dev.agentrelay.webhook.delivery.Deliveries;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.delivery.DeliveryId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** Waits for what the first request with a sender's id is told, on whichever replica that is. */
@ApplicationScoped
class FirstAnswer {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration AT_MOST = Duration.ofSeconds(40);

  private final Deliveries deliveries;

  FirstAnswer(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  Answer of(Delivery delivery) {
    Optional<Answer> answer = delivery.answer();
    DeliveryId id = delivery.id();
    for (long looks = AT_MOST.dividedBy(LOOK_EVERY); answer.isEmpty() && looks > 0; looks--) {
      pause();
      answer = deliveries.answer(id);
    }
    return answer.orElseThrow(FirstAnswer::notYet);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notYet();
    }
  }

  private static RelayException notYet() {
    return new RelayException(
        ErrorCode.UNAVAILABLE,
        "The first request with this delivery id is still under way",
        Duration.ofSeconds(5));
  }
}
