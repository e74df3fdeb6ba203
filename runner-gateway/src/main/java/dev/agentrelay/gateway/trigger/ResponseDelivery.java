package dev.agentrelay.gateway.trigger;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Hands the answer to a trigger to the worker that waits for it, and has it written down. */
@Singleton
class ResponseDelivery {
  private final WorkerLine workers;
  private final SessionAudience audience;
  private final LifecycleEvents events;

  ResponseDelivery(WorkerLine workers, SessionAudience audience, LifecycleEvents events) {
    this.workers = workers;
    this.audience = audience;
    this.events = events;
  }

  /**
   * Delivers the answer; false when nobody holds the worker.
   *
   * @param history the session in whose history the trigger stands, and whose viewers are told
   */
  Future<Boolean> toWorker(SessionId history, UserId user, SessionId worker, RawObject payload) {
    String triggerId = payload.text("triggerId");
    RawJson response = payload.get("response");
    RawObject message =
        RawObject.empty()
            .put("triggerId", triggerId)
            .put("response", response)
            .putIfPresent("action", payload.get("action"));
    return workers
        .emit(worker, "trigger_response", message.toJson())
        .map(
            reply -> {
              if (reply.isDone()) {
                String text = JsonValues.text(response);
                events.say(
                    new TriggerEvent.Answered(
                        history,
                        Instant.now(),
                        user,
                        triggerId == null ? "" : triggerId,
                        payload.text("action"),
                        text == null ? String.valueOf(response) : text));
                audience.emitToViewers(
                    history, "trigger_delivered", RawObject.empty().put("triggerId", triggerId));
              }
              return reply.isDone();
            });
  }
}
