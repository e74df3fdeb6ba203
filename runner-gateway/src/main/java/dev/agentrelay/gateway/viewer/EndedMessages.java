package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Gives a viewer that was told of its session's end the pages of messages from before those it has
 * (sockets.md 4.8). session-service cuts them, because the state of an ended session may be large.
 */
@Singleton
class EndedMessages {
  private static final Logger LOG = Logger.getLogger(EndedMessages.class);

  private final StoredSnapshots stored;

  EndedMessages(StoredSnapshots stored) {
    this.stored = stored;
  }

  /** Stays silent when the session is not the viewer's or has left no state. */
  void answer(Viewer viewer, SessionId session, long before, long limit) {
    long activation = viewer.activation();
    stored
        .messages(session, viewer.caller().userId(), Math.max(0, before), Math.max(0, limit))
        .onSuccess(
            found -> {
              RawObject page = found.map(RawObject::parse).orElse(null);
              if (page != null && viewer.isCurrent(activation)) {
                viewer.answer("session_messages_page", page.put("sessionId", session.value()));
              }
            })
        .onFailure(
            failure ->
                LOG.warnf(
                    "Messages of the ended session %s cannot be read: %s",
                    session, failure.getMessage()));
  }
}
