package dev.agentrelay.session.events;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Reads {@code relay.events} in batches. While Postgres is away a batch is tried again. */
@ApplicationScoped
class EventListener {
  private static final Logger LOG = Logger.getLogger(EventListener.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private final EventLog log;

  EventListener(EventLog log) {
    this.log = log;
  }

  @Incoming("events")
  Uni<Void> onEvents(ConsumerRecords<String, byte[]> messages) {
    List<LoggedEvent> events = new ArrayList<>(messages.count());
    for (ConsumerRecord<String, byte[]> message : messages) {
      Optional<LoggedEvent> event = LoggedEvent.of(message);
      event.ifPresent(events::add);
      if (event.isEmpty()) {
        LOG.errorf(
            "event %d of partition %d cannot be read and is left out",
            message.offset(), message.partition());
      }
    }
    return Uni.createFrom()
        .voidItem()
        .invoke(() -> log.take(events))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
        .expireIn(GIVE_UP.toMillis());
  }
}
