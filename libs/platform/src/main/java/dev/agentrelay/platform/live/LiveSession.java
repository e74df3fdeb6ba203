package dev.agentrelay.platform.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A live session's record as lists and gates need it.
 *
 * @param active whether the agent is busy; a session is connected as long as its record exists
 * @param model the model of the last heartbeat as JSON text, passed on as it came
 * @param replica the gateway replica that holds the worker's socket
 */
public record LiveSession(
    SessionId sessionId,
    UserId userId,
    String userName,
    String cwd,
    String shareUrl,
    Instant startedAt,
    boolean ephemeral,
    boolean collab,
    @Nullable Instant expiresAt,
    @Nullable String sessionName,
    boolean active,
    @Nullable Instant lastHeartbeatAt,
    @Nullable String model,
    @Nullable RunnerId runnerId,
    @Nullable String runnerName,
    @Nullable SessionId parentSessionId,
    long epoch,
    long seq,
    ReplicaId replica) {

  /** The fields that {@link #of} reads; the large ones are left in Redis. */
  public static final List<SessionField> FIELDS =
      List.of(
          SessionField.USER_ID,
          SessionField.USER_NAME,
          SessionField.CWD,
          SessionField.SHARE_URL,
          SessionField.STARTED_AT,
          SessionField.EPHEMERAL,
          SessionField.COLLAB,
          SessionField.EXPIRES_AT,
          SessionField.NAME,
          SessionField.ACTIVE,
          SessionField.HEARTBEAT_AT,
          SessionField.MODEL,
          SessionField.RUNNER_ID,
          SessionField.RUNNER_NAME,
          SessionField.PARENT_ID,
          SessionField.EPOCH,
          SessionField.SEQ,
          SessionField.REPLICA);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a record's fields; {@code null} when they are those of no live session. */
  public static @Nullable LiveSession of(SessionId id, Map<SessionField, String> fields) {
    String userId = fields.get(SessionField.USER_ID);
    String replica = fields.get(SessionField.REPLICA);
    if (userId == null || replica == null) {
      return null;
    }
    String runnerId = fields.get(SessionField.RUNNER_ID);
    String parentId = fields.get(SessionField.PARENT_ID);
    return new LiveSession(
        id,
        new UserId(userId),
        fields.getOrDefault(SessionField.USER_NAME, userId),
        fields.getOrDefault(SessionField.CWD, ""),
        fields.getOrDefault(SessionField.SHARE_URL, ""),
        Instant.ofEpochMilli(number(fields, SessionField.STARTED_AT)),
        flag(fields, SessionField.EPHEMERAL),
        flag(fields, SessionField.COLLAB),
        time(fields, SessionField.EXPIRES_AT),
        text(fields, SessionField.NAME),
        flag(fields, SessionField.ACTIVE),
        time(fields, SessionField.HEARTBEAT_AT),
        text(fields, SessionField.MODEL),
        runnerId == null ? null : new RunnerId(runnerId),
        text(fields, SessionField.RUNNER_NAME),
        parentId == null ? null : new SessionId(parentId),
        number(fields, SessionField.EPOCH),
        number(fields, SessionField.SEQ),
        new ReplicaId(replica));
  }

  /**
   * The session as the hub and the session list show it (sockets.md 3.4, rest.md 5.1), every member
   * present.
   */
  public ObjectNode toInfo() {
    ObjectNode info = JSON.createObjectNode();
    info.put("sessionId", sessionId.value());
    info.put("shareUrl", shareUrl);
    info.put("cwd", cwd);
    info.put("startedAt", Timestamps.text(startedAt));
    info.put("viewerCount", 0);
    info.put("userId", userId.value());
    info.put("userName", userName);
    info.put("sessionName", sessionName);
    info.put("isEphemeral", ephemeral);
    info.put("expiresAt", expiresAt == null ? null : Timestamps.text(expiresAt));
    info.put("isActive", active);
    info.put("lastHeartbeatAt", lastHeartbeatAt == null ? null : Timestamps.text(lastHeartbeatAt));
    info.set("model", modelNode());
    info.put("runnerId", runnerId == null ? null : runnerId.value());
    info.put("runnerName", runnerName);
    info.put("parentSessionId", parentSessionId == null ? null : parentSessionId.value());
    return info;
  }

  private @Nullable JsonNode modelNode() {
    try {
      return model == null ? null : JSON.readTree(model);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the gateway stored a model that is not JSON for session " + sessionId, e);
    }
  }

  /** A field that was cleared holds empty text. */
  private static @Nullable String text(Map<SessionField, String> fields, SessionField field) {
    String text = fields.get(field);
    return text == null || text.isEmpty() ? null : text;
  }

  private static boolean flag(Map<SessionField, String> fields, SessionField field) {
    return "1".equals(fields.get(field));
  }

  private static long number(Map<SessionField, String> fields, SessionField field) {
    String text = fields.get(field);
    return text == null ? 0 : Long.parseLong(text);
  }

  private static @Nullable Instant time(Map<SessionField, String> fields, SessionField field) {
    String text = fields.get(field);
    return text == null ? null : Instant.ofEpochMilli(Long.parseLong(text));
  }
}
