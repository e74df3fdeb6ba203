package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand.Wake;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.delivery.Deliveries;
import dev.agentrelay.trigger.delivery.ListenerSpawns;
import dev.agentrelay.trigger.delivery.Outcomes;
import dev.agentrelay.trigger.delivery.Parallel;
import dev.agentrelay.trigger.delivery.Target;
import dev.agentrelay.trigger.delivery.Targets;
import dev.agentrelay.trigger.delivery.Trigger;
import dev.agentrelay.trigger.event.EventRequest.Direct;
import dev.agentrelay.trigger.event.Events.Destination;
import dev.agentrelay.trigger.event.Events.Reply;
import dev.agentrelay.trigger.event.Events.Stored;
import dev.agentrelay.trigger.history.History.State;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.listener.ListenerId;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events. A fire that is published again is the same event: what was delivered is not
 * delivered again, what was not is tried once more.
 */
@ApplicationScoped
class Publishing {
  private final LiveState live;
  private final Targets targets;
  private final Subscribers subscribers;
  private final Listeners listeners;
  private final Deliveries deliveries;
  private final ListenerSpawns spawns;
  private final Events events;
  private final TriggerConfig config;
  private final SharedClock clock;

  Publishing(
      LiveState live,
      Targets targets,
      Subscribers subscribers,
      Listeners listeners,
      Deliveries deliveries,
      ListenerSpawns spawns,
      Events events,
      TriggerConfig config,
      SharedClock clock) {
    this.live = live;
    this.targets = targets;
    this.subscribers = subscribers;
    this.listeners = listeners;
    this.deliveries = deliveries;
    this.spawns = spawns;
    this.events = events;
    this.config = config;
    this.clock = clock;
  }

  /** What one attempt at a delivery came to; without an answer the outcome is not known. */
  private record Attempt(
      DeliveryRow row, @Nullable CommandAnswer answer, @Nullable RelayException unknown) {}

  Response publish(UserId user, EventRequest request) {
    Optional<Stored> known =
        Optional.ofNullable(request.fireKey()).flatMap(key -> events.find(user, key));
    Direct direct = request.target();
    if (direct == null) {
      Stored stored = known.orElseGet(() -> store(user, request, subscribers.of(user, request)));
      return answer(stored, deliver(user, stored, null));
    }
    if (known.filter(Publishing::isDone).isPresent()) {
      return answer(known.get(), List.of());
    }
    SessionId session = PathIds.session(direct.sessionId(), "Session not found or not connected");
    Optional<ListenerId> listener = ListenerId.ofSession(session);
    if (listener.isPresent()) {
      listener(user, listener.get());
      Destination to = new Destination(null, listener.get().value(), direct.deliverAs().wireName());
      return direct(user, known.orElseGet(() -> store(user, request, List.of(to))), null);
    }
    Target target = targets.require(session, user, direct.wake());
    Destination to = new Destination(session.value(), null, direct.deliverAs().wireName());
    return direct(user, known.orElseGet(() -> store(user, request, List.of(to))), target);
  }

  private Response direct(UserId user, Stored stored, @Nullable Target target) {
    List<Attempt> attempts = deliver(user, stored, target == null ? null : target.wake());
    for (Attempt attempt : attempts) {
      if (attempt.row().state != State.DELIVERED) {
        if (attempt.unknown() != null) {
          throw attempt.unknown();
        }
        if (target == null || attempt.answer() == null) {
          throw Outcomes.spawnFailed();
        }
        Optional<Response> failure = Outcomes.failure(attempt.answer(), target);
        if (failure.isPresent()) {
          return failure.get();
        }
      }
    }
    return answer(stored, attempts);
  }

  private List<Attempt> deliver(UserId user, Stored stored, @Nullable Wake wake) {
    List<DeliveryRow> open =
        stored.deliveries().stream().filter(row -> row.state != State.DELIVERED).toList();
    return Parallel.map(
        open,
        config.delivery().atOnce(),
        row ->
            row.listenerId == null
                ? toSession(user, stored.event(), row, wake)
                : toListener(user, stored.event(), row));
  }

  private Attempt toSession(UserId user, EventRow event, DeliveryRow row, @Nullable Wake wake) {
    SessionId session = new SessionId(String.valueOf(row.sessionId));
    try {
      CommandAnswer answer =
          deliveries.deliverAgain(user, session, event.trigger(row), row.attempt, wake);
      DeliveryRow settled =
          events.settle(row, state(answer), answer.isDelivered() ? null : reason(answer), null);
      return new Attempt(settled, answer, null);
    } catch (RelayException unknown) {
      DeliveryRow settled = events.settle(row, State.UNKNOWN, "no answer came in time", null);
      return new Attempt(settled, null, unknown);
    }
  }

  private Attempt toListener(UserId user, EventRow event, DeliveryRow row) {
    Optional<SessionId> spawned =
        listeners
            .find(new ListenerId(String.valueOf(row.listenerId)), user)
            .flatMap(listener -> spawns.fire(listener, event.trigger(row), row.attempt));
    DeliveryRow settled =
        spawned.isPresent()
            ? events.settle(row, State.DELIVERED, null, spawned.get())
            : events.settle(row, State.FAILED, "no session could be started", null);
    return new Attempt(settled, null, null);
  }

  private static State state(CommandAnswer answer) {
    return switch (answer.outcome()) {
      case ACKNOWLEDGED, DELIVERED -> State.DELIVERED;
      case WAKING -> State.QUEUED;
      case ABSENT, UNKNOWN, FORBIDDEN, REFUSED, EXPIRED, FAILED -> State.FAILED;
    };
  }

  private static String reason(CommandAnswer answer) {
    return answer.reason() == null
        ? answer.outcome().name().toLowerCase(Locale.ROOT)
        : answer.reason();
  }

  private static boolean isDone(Stored stored) {
    return stored.deliveries().stream().allMatch(row -> row.state == State.DELIVERED);
  }

  private ListenerRow listener(UserId user, ListenerId id) {
    return listeners
        .find(id, user)
        .filter(row -> live.runner(row.runnerId(), user).isPresent())
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Listener not found"));
  }

  private Stored store(UserId user, EventRequest request, List<Destination> destinations) {
    SessionId sender = sender(user, request);
    ObjectNode common = StoredJson.object();
    String source = sender == null ? "external:" + externalSource(request) : sender.value();
    common.put("source", source);
    common.put("sourceName", sourceName(request, sender));
    if (request.summary() != null) {
      common.put("summary", request.summary());
    }
    common.set("payload", request.payload());
    common.put("expectsResponse", request.answerWithin() != null);
    Reply reply =
        sender == null || request.answerWithin() == null
            ? null
            : new Reply(
                sender,
                request.fireKey() == null ? Trigger.nextId() : request.fireKey(),
                clock.instant().plus(request.answerWithin()));
    return events.add(user, request.fireKey(), request.type(), common, destinations, reply);
  }

  /** The session it says it comes from, if that is one of the user's. */
  private @Nullable SessionId sender(UserId user, EventRequest request) {
    String id = request.sourceId();
    if (!"session".equals(request.sourceKind())
        || id == null
        || id.isBlank()
        || !PathIds.isStorable(id)) {
      return null;
    }
    return live.session(new SessionId(id), user).isPresent() ? new SessionId(id) : null;
  }

  private static String externalSource(EventRequest request) {
    if (request.sourceId() != null) {
      return request.sourceId();
    }
    return request.sourceKind() == null ? "api" : request.sourceKind();
  }

  private static String sourceName(EventRequest request, @Nullable SessionId sender) {
    if (sender != null && request.sourceName() != null) {
      return request.sourceName();
    }
    return request.summary() == null
        ? "External (" + externalSource(request) + ")"
        : request.summary();
  }

  private static Response answer(Stored stored, List<Attempt> attempts) {
    Map<String, DeliveryRow> latest = new LinkedHashMap<>();
    stored.deliveries().forEach(row -> latest.put(row.deliveryId, row));
    attempts.forEach(attempt -> latest.put(attempt.row().deliveryId, attempt.row()));
    boolean reached = latest.values().stream().anyMatch(row -> row.state == State.DELIVERED);
    for (Attempt attempt : attempts) {
      if (!reached && attempt.unknown() != null) {
        throw attempt.unknown();
      }
    }
    ObjectNode answer = StoredJson.object().put("ok", true);
    answer.put("eventId", stored.event().eventId).put("created", stored.created());
    latest.values().forEach(row -> answer.withArray("deliveries").add(row.toInfo()));
    if (latest.isEmpty()) {
      answer.putArray("deliveries");
    }
    return Response.ok(answer).build();
  }
}
