package dev.agentrelay.session.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.json.Timestamps;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A session as it outlives its worker. Rows are written by {@link SessionIndex} alone. */
@Entity
@Table(name = "sessions", schema = "session")
public class SessionRow {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Id
  @Column(name = "session_id")
  String sessionId;

  @Column(name = "user_id")
  String userId;

  @Column(name = "cwd")
  String cwd;

  @Column(name = "share_url")
  String shareUrl;

  @Column(name = "started_at")
  Instant startedAt;

  @Column(name = "last_active_at")
  Instant lastActiveAt;

  @Column(name = "ended_at")
  @Nullable Instant endedAt;

  @Column(name = "ephemeral")
  boolean ephemeral;

  @Column(name = "expires_at")
  @Nullable Instant expiresAt;

  @Column(name = "pinned")
  boolean pinned;

  @Column(name = "session_name")
  @Nullable String sessionName;

  @Column(name = "runner_id")
  @Nullable String runnerId;

  @Column(name = "runner_name")
  @Nullable String runnerName;

  @Column(name = "parent_session_id")
  @Nullable String parentSessionId;

  @Column(name = "epoch")
  long epoch;

  @Column(name = "registered_at")
  Instant registeredAt;

  protected SessionRow() {}

  public Instant lastActiveAt() {
    return lastActiveAt;
  }

  /** The row as the list of persisted and pinned sessions shows it (rest.md 5.1). */
  public ObjectNode toInfo() {
    ObjectNode info = JSON.createObjectNode();
    info.put("sessionId", sessionId);
    info.put("shareUrl", shareUrl);
    info.put("cwd", cwd);
    info.put("startedAt", Timestamps.text(startedAt));
    info.put("lastActiveAt", Timestamps.text(lastActiveAt));
    info.put("endedAt", text(endedAt));
    info.put("isEphemeral", ephemeral);
    info.put("expiresAt", text(expiresAt));
    info.put("isPinned", pinned);
    info.put("sessionName", sessionName);
    info.put("runnerId", runnerId);
    info.put("runnerName", runnerName);
    info.put("parentSessionId", parentSessionId);
    info.put("status", endedAt == null ? "idle" : "ended");
    return info;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : Timestamps.text(time);
  }
}
