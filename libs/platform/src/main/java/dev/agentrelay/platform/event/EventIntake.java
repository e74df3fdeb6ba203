package dev.agentrelay.platform.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.platform.error.StoreFailures;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Takes the events of a topic, one after the other for each partition. While a store is away an
 * event is tried again; after five minutes the service gives up, says so in its health and goes on
 * from there when it is restarted. What can never be read or stored is logged and left out.
 */
@Singleton
public class EventIntake {
  private static final Logger LOG = Logger.getLogger(EventIntake.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private final ObjectMapper json;

  EventIntake(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Handles one event on a worker thread.
   *
   * @param text the event as JSON
   * @param handling may block; may run again for the same event
   */
  public <T> Uni<Void> take(String text, Class<T> type, Consumer<T> handling) {
    T event;
    try {
      event = json.readValue(text, type);
    } catch (JsonProcessingException e) {
      LOG.errorf(
          "a %s cannot be read and is left out: %s", type.getSimpleName(), e.getOriginalMessage());
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .voidItem()
        .invoke(() -> handling.accept(event))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure(StoreFailures::isForGood)
        .recoverWithUni(failure -> leaveOut(type, failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
        .expireIn(GIVE_UP.toMillis());
  }

  private static Uni<Void> leaveOut(Class<?> type, Throwable failure) {
    LOG.errorf(failure, "a %s cannot be stored and is left out", type.getSimpleName());
    return Uni.createFrom().voidItem();
  }
}
