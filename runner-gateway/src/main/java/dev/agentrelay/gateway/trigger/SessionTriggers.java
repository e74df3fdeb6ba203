package dev.agentrelay.gateway.trigger;

import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.socketio.Acknowledgement;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Triggers that a worker sends to its parent, or to itself (sockets.md 4.10). */
@Singleton
class SessionTriggers implements WorkerFeature {
  private static final Logger LOG = Logger.getLogger(SessionTriggers.class);
  private static final String MALFORMED =
      "session_trigger requires trigger with targetSessionId and triggerId";
  private static final String NOT_DELIVERED = "Failed to deliver trigger to target session";

  private final ChildLinks links;
  private final WorkerLine workers;
  private final SessionAudience audience;
  private final LifecycleEvents events;

  SessionTriggers(
      ChildLinks links, WorkerLine workers, SessionAudience audience, LifecycleEvents events) {
    this.links = links;
    this.workers = workers;
    this.audience = audience;
    this.events = events;
  }

  /** One trigger on its way. */
  private record Fired(
      OwnedSession sender,
      RawObject trigger,
      SessionId target,
      String triggerId,
      Acknowledgement ack) {
    boolean toItself() {
      return target.equals(sender.id());
    }
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of("session_trigger", this::fired);
  }

  private void fired(OwnedSession sender, RawObject payload, Acknowledgement ack) {
    RawObject trigger = payload.object("trigger");
    String target = trigger == null ? null : trigger.trimmedText("targetSessionId");
    String triggerId = trigger == null ? null : trigger.trimmedText("triggerId");
    if (trigger == null || target == null || triggerId == null) {
      Answers.error(sender, MALFORMED);
      Answers.failed(ack, MALFORMED);
      return;
    }
    Fired fired = new Fired(sender, trigger, new SessionId(target), triggerId, ack);
    links
        .find(fired.target())
        .compose(found -> judged(fired, found))
        .onFailure(
            failure -> {
              LOG.warnf(
                  "A trigger did not reach session %s: %s", fired.target(), failure.getMessage());
              refuse(fired, NOT_DELIVERED);
            });
  }

  private Future<Void> judged(Fired fired, Optional<LinkedSession> found) {
    if (found.isEmpty()) {
      refuse(fired, Answers.notConnected(fired.target()));
      return Future.succeededFuture();
    }
    if (!found.get().user().equals(fired.sender().user())) {
      Answers.error(fired.sender(), Answers.OTHER_USER);
      Answers.failed(fired.ack(), Answers.OTHER_USER);
      return Future.succeededFuture();
    }
    return mayFire(fired)
        .compose(
            may -> {
              if (!may) {
                refuse(fired, Answers.SENDER_NO_CHILD);
                return Future.succeededFuture();
              }
              return deliver(fired);
            });
  }

  private Future<Boolean> mayFire(Fired fired) {
    if (fired.toItself()) {
      return Future.succeededFuture(true);
    }
    SessionId sender = fired.sender().id();
    return links
        .isDelinkPending(fired.target(), sender)
        .compose(
            pending ->
                pending
                    ? Future.succeededFuture(false)
                    : links
                        .find(sender)
                        .compose(
                            own ->
                                own.isEmpty()
                                    ? links.isInSet(fired.target(), sender)
                                    : links.isChild(fired.target(), own.get())));
  }

  private Future<Void> deliver(Fired fired) {
    RawObject trigger = fired.trigger().copy();
    if (!(fired.toItself() && "escalate".equals(trigger.text("type")))) {
      trigger.put("sourceSessionId", fired.sender().id().value());
    }
    return workers
        .emit(fired.target(), "session_trigger", RawObject.empty().put("trigger", trigger).toJson())
        .map(
            reply -> {
              if (reply.isDone()) {
                delivered(fired, trigger);
              } else {
                refuse(fired, Answers.notConnected(fired.target()));
              }
              return null;
            });
  }

  private void delivered(Fired fired, RawObject trigger) {
    String source = trigger.text("sourceSessionId");
    RawJson payload = trigger.get("payload");
    events.say(
        new TriggerEvent.Delivered(
            fired.target(),
            Instant.now(),
            fired.sender().user(),
            fired.triggerId(),
            orElse(trigger.text("type"), ""),
            orElse(source, fired.sender().id().value()),
            trigger.text("sourceSessionName"),
            new JsonText(payload == null ? "{}" : payload.toString()),
            orElse(trigger.text("deliverAs"), "steer"),
            "inbound"));
    audience.emitToViewers(
        fired.target(), "trigger_delivered", RawObject.empty().put("triggerId", fired.triggerId()));
    Answers.ok(fired.ack());
  }

  /** A sender that blocks on the answer learns of the failure by the event alone. */
  private static void refuse(Fired fired, String text) {
    fired
        .sender()
        .worker()
        .emit(
            "session_message_error",
            RawObject.empty()
                .put("targetSessionId", fired.target().value())
                .put("error", text)
                .put("triggerId", fired.triggerId())
                .toJson());
    Answers.failed(fired.ack(), text);
  }

  private static String orElse(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }
}
