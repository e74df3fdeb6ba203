package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Ring;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** Gives a viewer a page of messages from before those it has (sockets.md 4.8). */
@Singleton
class OlderMessages {
  private static final Logger LOG = Logger.getLogger(OlderMessages.class);
  private static final long MAX_PAGE = 1_000;

  private final Ring ring;
  private final EndedMessages ended;

  OlderMessages(Ring ring, EndedMessages ended) {
    this.ring = ring;
    this.ended = ended;
  }

  void answer(Viewer viewer, RawObject payload) {
    String wanted = payload.text("sessionId");
    Long before = payload.number("before");
    Long limit = payload.number("limit");
    if (wanted == null || before == null || limit == null) {
      return;
    }
    SessionId shown = viewer.session();
    SessionId over = viewer.ended();
    if (shown != null && shown.value().equals(wanted)) {
      answerLive(viewer, shown, before, limit);
    } else if (over != null && over.value().equals(wanted)) {
      ended.answer(viewer, over, before, limit);
    }
  }

  private void answerLive(Viewer viewer, SessionId session, long before, long limit) {
    long activation = viewer.activation();
    ring.latestSnapshot(
            session,
            () -> viewer.isCurrent(activation),
            snapshot -> page(session, Snapshots.messages(snapshot.event()), before, limit))
        .onSuccess(
            page -> {
              if (page.isPresent() && viewer.isCurrent(activation)) {
                viewer.answer("session_messages_page", page.get());
              }
            })
        .onFailure(
            failure ->
                LOG.warnf(
                    "Older messages of session %s cannot be read: %s",
                    session, failure.getMessage()));
  }

  private static RawObject page(
      SessionId session, List<RawJson> messages, long before, long limit) {
    int end = (int) Math.max(0, Math.min(before, messages.size()));
    int start = Snapshots.tailFrom(messages, end, (int) Math.max(0, Math.min(limit, MAX_PAGE)));
    return RawObject.empty()
        .put("sessionId", session.value())
        .put("messages", JsonValues.array(messages.subList(start, end)))
        .put("hasMore", start > 0)
        .put("oldestIndex", start);
  }
}
