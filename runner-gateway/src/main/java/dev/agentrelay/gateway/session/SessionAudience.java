package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.ClusterRooms;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Room;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Tells those who look at a session what happens in it: its viewers, and the hub of its user.
 * Thread-safe.
 */
@Singleton
public class SessionAudience {
  private static final byte[] ENVELOPE_START = "{\"event\":".getBytes(StandardCharsets.UTF_8);

  private final RelaySockets sockets;
  private final ClusterRooms rooms;

  SessionAudience(RelaySockets sockets, ClusterRooms rooms) {
    this.sockets = sockets;
    this.rooms = rooms;
  }

  /** The hub's room of one user. */
  public static String userRoom(UserId user) {
    return "user:" + user;
  }

  /** How many viewers of the session are connected to this replica. */
  public int localViewers(SessionId session) {
    return sockets.viewer().room(OwnedSession.room(session)).size();
  }

  /**
   * Sends a live event to the viewers on this replica; the append script has told the others
   * (sockets.md 4.4.2).
   */
  void tellViewers(OwnedSession session, long seq, RawJson event) {
    Room room = sockets.viewer().room(session.room());
    if (room.size() > 0) {
      room.emit(sockets.viewer().encode("event", envelope(session.idAsJson(), seq, event)), seq);
    }
  }

  /** Sends any event to all viewers of the session. */
  public void emitToViewers(SessionId session, String event, RawObject payload) {
    rooms.emit(sockets.viewer(), OwnedSession.room(session), event, payload.toJson());
  }

  /**
   * Tells all viewers that the session is over for them, and disconnects their namespace
   * (sockets.md 4.14).
   */
  void dismissViewers(SessionId session, EndCause cause) {
    emitToViewers(session, "disconnected", farewell(session, cause));
    rooms.disconnect(sockets.viewer(), OwnedSession.room(session));
  }

  /** What a viewer is told of the end of the session it looks at. */
  public static RawObject farewell(SessionId session, EndCause cause) {
    RawObject payload = RawObject.empty().put("reason", cause.reason());
    if (cause.code() != null) {
      payload.put("code", cause.code());
    }
    return payload.put("sessionId", session.value());
  }

  /** Tells the user's hub whether the agent is busy, with which model and under which name. */
  void tellStatus(OwnedSession session) {
    emitToHub(session.user(), "session_status", status(session));
  }

  private static RawObject status(OwnedSession session) {
    OwnedSession.Busyness busyness = session.busyness;
    Instant heartbeatAt = busyness.heartbeatAt;
    return RawObject.empty()
        .put("sessionId", session.id().value())
        .put("isActive", busyness.active)
        .put("lastHeartbeatAt", heartbeatAt == null ? null : Timestamps.text(heartbeatAt))
        .put("sessionName", busyness.name)
        .put("model", busyness.model == null ? RawJson.NULL : RawJson.of(busyness.model));
  }

  void tellMetaSnapshot(OwnedSession session, RawJson state) {
    RawObject payload =
        RawObject.empty().put("sessionId", session.id().value()).put("state", state);
    rooms.emit(
        sockets.hub(), OwnedSession.metaRoom(session.id()), "state_snapshot", payload.toJson());
  }

  void tellMetaEvent(OwnedSession session, long version, RawObject event) {
    RawObject payload =
        RawObject.empty()
            .put("sessionId", session.id().value())
            .put("version", version)
            .putAll(event.copy().remove("sessionId").remove("version"));
    rooms.emit(sockets.hub(), OwnedSession.metaRoom(session.id()), "meta_event", payload.toJson());
  }

  /** Sends any event to all hub sockets of a user. */
  public void emitToHub(UserId user, String event, RawObject payload) {
    rooms.emit(sockets.hub(), userRoom(user), event, payload.toJson());
  }

  /** {@code {"event":…,"seq":…,"sessionId":…}}, the event's bytes as the worker sent them. */
  private static RawJson envelope(RawJson session, long seq, RawJson event) {
    byte[] end =
        (",\"seq\":" + seq + ",\"sessionId\":" + session + "}").getBytes(StandardCharsets.UTF_8);
    byte[] json = new byte[ENVELOPE_START.length + event.length() + end.length];
    System.arraycopy(ENVELOPE_START, 0, json, 0, ENVELOPE_START.length);
    int at = event.writeTo(json, ENVELOPE_START.length);
    System.arraycopy(end, 0, json, at, end.length);
    return RawJson.of(json);
  }
}
