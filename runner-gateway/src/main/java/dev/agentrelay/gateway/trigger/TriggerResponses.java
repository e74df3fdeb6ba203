package dev.agentrelay.gateway.trigger;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.socketio.Acknowledgement;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What parents answer to their children's triggers, and how children report on theirs. */
@Singleton
class TriggerResponses implements WorkerFeature {
  private static final Logger LOG = Logger.getLogger(TriggerResponses.class);
  private static final String MALFORMED =
      "trigger_response requires triggerId, response, and targetSessionId";
  private static final String MALFORMED_UPDATE =
      "trigger_status_update requires triggerId, targetSessionId, and statusText";
  private static final String NOT_DELIVERED = "Failed to deliver trigger response";

  private final ChildLinks links;
  private final ResponseDelivery delivery;
  private final SessionAudience audience;

  TriggerResponses(ChildLinks links, ResponseDelivery delivery, SessionAudience audience) {
    this.links = links;
    this.delivery = delivery;
    this.audience = audience;
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of("trigger_response", this::answered, "trigger_status_update", this::updated);
  }

  private void answered(OwnedSession parent, RawObject payload, Acknowledgement ack) {
    String triggerId = payload.trimmedText("triggerId");
    String target = payload.trimmedText("targetSessionId");
    RawJson response = payload.get("response");
    if (triggerId == null || target == null || response == null || JsonValues.isNull(response)) {
      Answers.error(parent, MALFORMED);
      Answers.failed(ack, "Missing required fields");
      return;
    }
    SessionId child = new SessionId(target);
    links
        .find(child)
        .compose(found -> judged(parent, found, payload, ack))
        .onFailure(
            failure -> {
              LOG.warnf("An answer did not reach session %s: %s", child, failure.getMessage());
              Answers.failed(ack, NOT_DELIVERED);
            });
  }

  private Future<Void> judged(
      OwnedSession parent, Optional<LinkedSession> found, RawObject payload, Acknowledgement ack) {
    if (found.isEmpty()) {
      // nobody waits for the answer any more
      Answers.ok(ack);
      return Future.succeededFuture();
    }
    LinkedSession child = found.get();
    if (!child.user().equals(parent.user())) {
      refuse(parent, ack, Answers.OTHER_USER);
      return Future.succeededFuture();
    }
    return isParent(parent.id(), child)
        .compose(
            its -> {
              if (!its) {
                refuse(parent, ack, Answers.SENDER_NO_PARENT);
                return Future.succeededFuture();
              }
              return delivery
                  .toWorker(parent.id(), parent.user(), child.id(), payload)
                  .map(
                      delivered -> {
                        if (delivered) {
                          Answers.ok(ack);
                        } else {
                          Answers.failed(ack, NOT_DELIVERED);
                        }
                        return null;
                      });
            });
  }

  private Future<Boolean> isParent(SessionId parent, LinkedSession child) {
    return child.names(parent) ? Future.succeededFuture(true) : links.isInSet(parent, child.id());
  }

  private static void refuse(OwnedSession parent, Acknowledgement ack, String text) {
    Answers.error(parent, text);
    Answers.failed(ack, text);
  }

  private void updated(OwnedSession child, RawObject payload, Acknowledgement ack) {
    String triggerId = payload.trimmedText("triggerId");
    String target = payload.trimmedText("targetSessionId");
    String text = payload.text("statusText");
    if (triggerId == null || target == null || text == null) {
      Answers.error(child, MALFORMED_UPDATE);
      return;
    }
    SessionId parent = new SessionId(target);
    Future.all(links.find(parent), links.find(child.id()))
        .compose(
            found -> {
              Optional<LinkedSession> receiver = found.resultAt(0);
              Optional<LinkedSession> sender = found.resultAt(1);
              return receiver.isPresent()
                      && sender.isPresent()
                      && receiver.get().user().equals(child.user())
                  ? links.isChild(parent, sender.get())
                  : Future.succeededFuture(false);
            })
        .onSuccess(
            may -> {
              if (may) {
                audience.emitToViewers(
                    parent,
                    "trigger_status_update",
                    RawObject.empty()
                        .put("triggerId", triggerId)
                        .put("sourceSessionId", child.id().value())
                        .put("statusText", text)
                        .put("ts", Timestamps.text(Instant.now())));
              }
            })
        .onFailure(
            failure ->
                LOG.warnf(
                    "The viewers of session %s missed a status: %s", parent, failure.getMessage()));
  }
}
