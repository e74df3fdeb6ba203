package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.vertx.UniHelper;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells a user's hub of new sessions, and of runners that sessions were linked to late (sockets.md
 * 3.4).
 */
@Singleton
public class SessionAnnouncements {
  private final SessionAudience audience;
  private final LiveStateReader reader;

  SessionAnnouncements(SessionAudience audience, LiveStateReader reader) {
    this.audience = audience;
    this.reader = reader;
  }

  /** Hubs that asked for their list while Redis lacked the session have it without. */
  void restored(SessionId session) {
    UniHelper.toFuture(reader.sessionSoFar(session))
        .onSuccess(
            found ->
                found.ifPresent(
                    live ->
                        audience.emitToHub(
                            live.userId(),
                            "session_added",
                            Objects.requireNonNull(
                                RawObject.parse(RawJson.of(live.toInfo().toString()))))));
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
