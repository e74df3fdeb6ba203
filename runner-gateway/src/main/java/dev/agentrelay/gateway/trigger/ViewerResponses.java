package dev.agentrelay.gateway.trigger;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.viewer.ViewerFeature;
import dev.agentrelay.socketio.Acknowledgement;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What people answer to triggers, for a child or for the session they look at (sockets.md 4.10).
 * The answer is acknowledged only when it was delivered; a failure is an event.
 */
@Singleton
class ViewerResponses implements ViewerFeature {
  private static final Logger LOG = Logger.getLogger(ViewerResponses.class);
  private static final String NOT_DELIVERED = "Failed to deliver trigger response";

  private final ChildLinks links;
  private final ResponseDelivery delivery;

  ViewerResponses(ChildLinks links, ResponseDelivery delivery) {
    this.links = links;
    this.delivery = delivery;
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of("trigger_response", this::answered);
  }

  private void answered(Shown shown, RawObject payload, Acknowledgement ack) {
    SessionId viewed = shown.session();
    String triggerId = payload.trimmedText("triggerId");
    if (viewed == null || !shown.collab() || triggerId == null || !payload.has("response")) {
      return;
    }
    String named = payload.trimmedText("targetSessionId");
    SessionId target = named == null ? viewed : new SessionId(named);
    refusal(shown, viewed, target)
        .compose(
            refusal ->
                refusal.isPresent()
                    ? Future.succeededFuture(refusal)
                    : delivery
                        .toWorker(viewed, shown.user(), target, payload)
                        .map(done -> done ? Optional.<String>empty() : Optional.of(gone(target))))
        .onSuccess(
            refusal -> {
              if (refusal.isEmpty()) {
                ack.send();
              } else {
                refuse(shown, triggerId, refusal.get());
              }
            })
        .onFailure(
            failure -> {
              LOG.warnf("An answer did not reach session %s: %s", target, failure.getMessage());
              refuse(shown, triggerId, NOT_DELIVERED);
            });
  }

  private Future<Optional<String>> refusal(Shown shown, SessionId viewed, SessionId target) {
    if (target.equals(viewed)) {
      return Future.succeededFuture(Optional.empty());
    }
    return links
        .find(target)
        .compose(
            found -> {
              LinkedSession child = found.orElse(null);
              if (child == null) {
                return Future.succeededFuture(Optional.of(gone(target)));
              }
              if (!child.user().equals(shown.user())) {
                return Future.succeededFuture(Optional.of(Answers.OTHER_USER));
              }
              return links
                  .isChild(viewed, child)
                  .map(its -> its ? Optional.empty() : Optional.of(Answers.SENDER_NO_PARENT));
            });
  }

  private static String gone(SessionId child) {
    return "Child session " + child + " is no longer available";
  }

  private static void refuse(Shown shown, @Nullable String triggerId, String text) {
    shown
        .socket()
        .emit(
            "trigger_error",
            RawObject.empty().put("message", text).put("triggerId", triggerId).toJson());
  }
}
