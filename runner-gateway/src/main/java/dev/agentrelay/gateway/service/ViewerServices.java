package dev.agentrelay.gateway.service;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.viewer.ViewerFeature;
import dev.agentrelay.socketio.Acknowledgement;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Envelopes from viewers, and the OAuth codes that people paste (sockets.md 3.3). */
@Singleton
class ViewerServices implements ViewerFeature {
  private final ServiceMessages messages;
  private final WorkerLine workers;

  ViewerServices(ServiceMessages messages, WorkerLine workers) {
    this.messages = messages;
    this.workers = workers;
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of(ServiceMessages.EVENT, this::toRunner, "mcp_oauth_paste", this::pasted);
  }

  private void toRunner(Shown shown, RawObject payload, Acknowledgement ack) {
    if (shown.session() != null && shown.collab()) {
      messages.toRunner(shown.socket(), shown.session(), payload);
    }
  }

  private void pasted(Shown shown, RawObject payload, Acknowledgement ack) {
    SessionId session = shown.session();
    String nonce = payload.trimmedText("nonce");
    String code = payload.trimmedText("code");
    String refusal =
        session == null
            ? "No active session"
            : !shown.collab()
                ? "Session not in collab mode"
                : nonce == null || code == null ? "Missing nonce or code" : null;
    if (session == null || refusal != null) {
      answer(ack, refusal);
      return;
    }
    RawObject message =
        RawObject.empty()
            .put("nonce", nonce)
            .put("code", code)
            .putIfPresent("state", payload.get("state"));
    workers
        .emit(session, "mcp_oauth_paste", message.toJson())
        .onComplete(
            reply ->
                answer(
                    ack,
                    reply.succeeded() && reply.result().isDone()
                        ? null
                        : "Runner session unavailable"));
  }

  private static void answer(Acknowledgement ack, @Nullable String error) {
    RawObject answer = RawObject.empty().put("ok", error == null);
    ack.send((error == null ? answer : answer.put("error", error)).toJson());
  }
}
