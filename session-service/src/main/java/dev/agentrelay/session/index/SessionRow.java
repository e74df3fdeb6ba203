package dev.agentrelay.session.index;

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
}
