package dev.agentrelay.gateway.service;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.socketio.Acknowledgement;
import jakarta.inject.Singleton;
import java.util.Map;

/** Envelopes from workers. */
@Singleton
class SessionServices implements WorkerFeature {
  private final ServiceMessages messages;

  SessionServices(ServiceMessages messages) {
    this.messages = messages;
  }

  @Override
  public Map<String, Handler> openEvents() {
    return Map.of(ServiceMessages.EVENT, this::toRunner);
  }

  private void toRunner(OwnedSession session, RawObject payload, Acknowledgement ack) {
    if (session.collab()) {
      messages.toRunner(session.worker(), session.id(), payload);
    }
  }
}
