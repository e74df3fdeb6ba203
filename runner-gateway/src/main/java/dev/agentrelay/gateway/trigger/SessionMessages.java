package dev.agentrelay.gateway.trigger;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.session.OwnedSession;
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

/** Messages between the sessions of one user (sockets.md 4.9). Only failures are answered. */
@Singleton
class SessionMessages implements WorkerFeature {
  private static final Logger LOG = Logger.getLogger(SessionMessages.class);
  private static final String MALFORMED = "session_message requires targetSessionId and message";
  private static final String NOT_CONNECTED = "Target session not found or not connected";
  private static final String TARGET_NO_CHILD =
      "Target session is not a child of the sender (linked relationship is broken or stale)";
  private static final String NOT_DELIVERED = "Failed to deliver message to target session";

  private final ChildLinks links;
  private final WorkerLine workers;

  SessionMessages(ChildLinks links, WorkerLine workers) {
    this.links = links;
    this.workers = workers;
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of("session_message", this::said);
  }

  private void said(OwnedSession sender, RawObject payload, Acknowledgement ack) {
    String named = payload.trimmedText("targetSessionId");
    RawJson message = payload.get("message");
    if (named == null || message == null || JsonValues.isNull(message)) {
      Answers.error(sender, MALFORMED);
      return;
    }
    SessionId target = new SessionId(named);
    boolean asInput = "input".equals(payload.text("deliverAs"));
    Future.all(links.find(target), links.find(sender.id()))
        .compose(found -> refusal(sender, target, asInput, found.resultAt(0), found.resultAt(1)))
        .compose(
            refusal ->
                refusal.isPresent()
                    ? Future.succeededFuture(refusal)
                    : deliver(sender, target, asInput, message))
        .onSuccess(refusal -> refusal.ifPresent(text -> refuse(sender, target, text)))
        .onFailure(
            failure -> {
              LOG.warnf("A message did not reach session %s: %s", target, failure.getMessage());
              refuse(sender, target, NOT_DELIVERED);
            });
  }

  private Future<Optional<String>> refusal(
      OwnedSession sender,
      SessionId target,
      boolean asInput,
      Optional<LinkedSession> receiver,
      Optional<LinkedSession> own) {
    if (receiver.isEmpty()) {
      return Future.succeededFuture(Optional.of(NOT_CONNECTED));
    }
    LinkedSession found = receiver.get();
    if (!found.user().equals(sender.user())) {
      return Future.succeededFuture(Optional.of(Answers.OTHER_USER));
    }
    LinkedSession self = own.filter(record -> record.names(target)).orElse(null);
    Future<Boolean> stillChild =
        self == null ? Future.succeededFuture(true) : links.isChild(target, self);
    return stillChild.compose(
        still -> {
          if (!still) {
            return Future.succeededFuture(Optional.of(Answers.SENDER_NO_CHILD));
          }
          return asInput || found.names(sender.id())
              ? links
                  .isChild(sender.id(), found)
                  .map(its -> its ? Optional.empty() : Optional.of(TARGET_NO_CHILD))
              : Future.succeededFuture(Optional.empty());
        });
  }

  private Future<Optional<String>> deliver(
      OwnedSession sender, SessionId target, boolean asInput, RawJson message) {
    return workers
        .emit(target, asInput ? "input" : "session_message", payload(sender, asInput, message))
        .map(
            reply ->
                switch (reply.outcome()) {
                  case DONE -> Optional.empty();
                  case ABSENT -> Optional.of(NOT_CONNECTED);
                  case REFUSED, NO_ANSWER, LOST -> Optional.of(NOT_DELIVERED);
                });
  }

  private static RawJson payload(OwnedSession sender, boolean asInput, RawJson message) {
    RawObject payload =
        asInput
            ? RawObject.empty()
                .put("text", message)
                .put("attachments", RawJson.of("[]"))
                .put("client", "agent")
                .put("deliverAs", "followUp")
            : RawObject.empty()
                .put("fromSessionId", sender.id().value())
                .put("message", message)
                .put("ts", Timestamps.text(Instant.now()));
    return payload.toJson();
  }

  private static void refuse(OwnedSession sender, SessionId target, String text) {
    sender
        .worker()
        .emit(
            "session_message_error",
            RawObject.empty().put("targetSessionId", target.value()).put("error", text).toJson());
  }
}
