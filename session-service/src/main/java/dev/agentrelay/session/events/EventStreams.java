package dev.agentrelay.session.events;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.session.SessionConfig;
import dev.agentrelay.session.events.EventPage.Entry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Logs as streams that go on while something happens. */
@ApplicationScoped
class EventStreams {
  private static final int PAGE = 500;
  private static final Duration QUIET = Duration.ofSeconds(15);
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private final EventReader reader;
  private final SessionConfig.Events config;
  private final Semaphore places;

  EventStreams(EventReader reader, SessionConfig config, RelayMetrics metrics) {
    this.reader = reader;
    this.config = config.events();
    this.places = new Semaphore(config.events().streams());
    metrics.bound(
        Bound.EVENT_STREAMS,
        () -> config.events().streams() - places.availablePermits(),
        config.events().streams());
  }

  /**
   * A stream of what happens after a place in the log. It ends after a while, so that its reader
   * comes back and shows its credential again.
   */
  Multi<OutboundSseEvent> open(SessionId session, UserId user, long after, Sse sse) {
    if (!places.tryAcquire()) {
      throw new RelayException(ErrorCode.UNAVAILABLE, "Too many streams at the moment", COME_BACK);
    }
    Tail tail = new Tail(session, user, after, sse);
    return Multi.createBy()
        .repeating()
        .uni(tail::next)
        .until(events -> tail.isOver())
        .onItem()
        .transformToMultiAndConcatenate(events -> Multi.createFrom().iterable(events))
        .onTermination()
        .invoke(places::release);
  }

  /** One stream's place in its log. Its steps follow one another, on any thread. */
  private final class Tail {
    private final SessionId session;
    private final UserId user;
    private final Sse sse;
    private final Instant end = Instant.now().plus(config.streamLife());
    private volatile long after;
    private volatile boolean through;
    // The first silence is told at once, so that the reader knows that it is connected.
    private volatile Instant lastSaid = Instant.EPOCH;

    Tail(SessionId session, UserId user, long after, Sse sse) {
      this.session = session;
      this.user = user;
      this.after = after;
      this.sse = sse;
    }

    boolean isOver() {
      return Instant.now().isAfter(end);
    }

    /** The next piece, at once while there is more, otherwise after a moment. */
    Uni<List<OutboundSseEvent>> next() {
      Uni<Void> turn = Uni.createFrom().voidItem();
      return (through ? turn.onItem().delayIt().by(config.lookAgain()) : turn)
          .emitOn(Infrastructure.getDefaultWorkerPool())
          .map(now -> take(reader.after(session, user, after, PAGE)));
    }

    private List<OutboundSseEvent> take(EventPage page) {
      List<OutboundSseEvent> said = new ArrayList<>(page.events().size() + 1);
      if (!page.recovered()) {
        said.add(gap(page));
      }
      page.events().forEach(entry -> said.add(event(entry)));
      after = page.next();
      through = !page.more();
      if (!said.isEmpty()) {
        lastSaid = Instant.now();
      } else if (lastSaid.plus(QUIET).isBefore(Instant.now())) {
        lastSaid = Instant.now();
        said.add(sse.newEventBuilder().name("quiet").data("{}").build());
      }
      return said;
    }

    private OutboundSseEvent gap(EventPage page) {
      String data =
          "{\"recovered\":false,\"after\":\"" + after + "\",\"until\":\"" + page.next() + "\"}";
      return sse.newEventBuilder().name("gap").data(data).build();
    }

    private OutboundSseEvent event(Entry entry) {
      return sse.newEventBuilder().id(Long.toString(entry.position())).data(entry.json()).build();
    }
  }
}
