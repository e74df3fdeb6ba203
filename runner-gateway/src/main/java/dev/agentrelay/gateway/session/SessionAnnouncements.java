package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a user's hub of new sessions, and of runners that sessions were linked to late (sockets.md
 * 3.4).
 */
@Singleton
public class SessionAnnouncements {
  private final SessionAudience audience;

  SessionAnnouncements(SessionAudience audience) {
    this.audience = audience;
  }

  void added(
      OwnedSession session,
      Map<SessionField, String> fields,
      @Nullable SessionId parent,
      SessionRecords.Taken taken) {
    RawObject info =
        RawObject.empty()
            .put("sessionId", session.id().value())
            .put("shareUrl", fields.get(SessionField.SHARE_URL))
            .put("cwd", fields.get(SessionField.CWD))
            .put("startedAt", Timestamps.text(taken.startedAt()))
            .put("userId", session.user().value())
            .put("userName", fields.get(SessionField.USER_NAME))
            .put("sessionName", fields.get(SessionField.NAME))
            .put("isEphemeral", session.ephemeral())
            .put("isActive", false)
            .put("lastHeartbeatAt", RawJson.NULL)
            .put("model", RawJson.NULL)
            .put("runnerId", taken.runner() == null ? null : taken.runner().value())
            .put("runnerName", taken.runnerName())
            .put("parentSessionId", parent == null ? null : parent.value());
    audience.emitToHub(session.user(), "session_added", info);
  }
}
