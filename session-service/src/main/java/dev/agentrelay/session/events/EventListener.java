package dev.agentrelay.session.events;

import dev.agentrelay.platform.event.EventIntake;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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

  private final EventIntake intake;
  private final EventLog log;

  EventListener(EventIntake intake, EventLog log) {
    this.intake = intake;
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
    return intake.store("batch of events", () -> log.take(events));
  }
}
