package dev.agentrelay.platform.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.platform.error.StoreFailures;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Takes the events of a topic, one after the other for each partition. While a store is away or
 * full an event is tried again, however long that takes. After five minutes of any other failure
 * the service gives up, says so in its health and goes on from there when it is restarted. What can
 * never be read or stored is logged and left out.
 */
@Singleton
public class EventIntake {
  private static final Logger LOG = Logger.getLogger(EventIntake.class);

  /** With the waits between them five minutes. */
  private static final int MOST_ATTEMPTS = 60;

  private final ObjectMapper json;
  private final Duration firstRetry;
  private final Duration slowestRetry;

  @Inject
  EventIntake(ObjectMapper json) {
    this(json, Duration.ofMillis(200), Duration.ofSeconds(5));
  }

  EventIntake(ObjectMapper json, Duration firstRetry, Duration slowestRetry) {
    this.json = json;
    this.firstRetry = firstRetry;
    this.slowestRetry = slowestRetry;
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
    String what = type.getSimpleName();
    return store(what, () -> handleUnlessForbidden(what, event, handling));
  }

  /**
   * Stores what has come, on a worker thread.
   *
   * @param what names it in the log
   * @param storing may block; may run again
   */
  public Uni<Void> store(String what, Runnable storing) {
    AtomicBoolean told = new AtomicBoolean();
    return Uni.createFrom()
        .voidItem()
        .invoke(storing)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure()
        .invoke(
            failure -> {
              if (told.compareAndSet(false, true)) {
                LOG.warnf("%s waits to be stored: %s", what, failure);
              }
            })
        .onFailure(EventIntake::passes)
        .retry()
        .withBackOff(firstRetry, slowestRetry)
        .indefinitely()
        .onFailure()
        .retry()
        .withBackOff(firstRetry, slowestRetry)
        .atMost(MOST_ATTEMPTS);
  }

  private static boolean passes(Throwable failure) {
    return StoreFailures.isStoreAway(failure) || StoreFailures.isStoreFull(failure);
  }

  private static <T> void handleUnlessForbidden(String what, T event, Consumer<T> handling) {
    try {
      handling.accept(event);
    } catch (RuntimeException failure) {
      if (!StoreFailures.isForGood(failure)) {
        throw failure;
      }
      LOG.errorf(failure, "a %s cannot be stored and is left out", what);
    }
  }
}
