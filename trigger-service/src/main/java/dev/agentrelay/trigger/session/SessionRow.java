package dev.agentrelay.trigger.session;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is remembered of a session. Rows are written by {@link KnownSessions} alone. */
@Entity
@Table(name = "sessions")
public class SessionRow {
  @Id
  @Column(name = "session_id")
  String sessionId;

  @Column(name = "user_id")
  String userId;

  @Column(name = "runner_id")
  @Nullable String runnerId;

  @Column(name = "cwd")
  String cwd;

  @Column(name = "session_name")
  @Nullable String sessionName;

  @Column(name = "epoch")
  long epoch;

  @Column(name = "registered_at")
  Instant registeredAt;

  @Column(name = "ended_at")
  @Nullable Instant endedAt;

  protected SessionRow() {}

  public UserId userId() {
    return new UserId(userId);
  }

  public @Nullable RunnerId runnerId() {
    return runnerId == null ? null : new RunnerId(runnerId);
  }

  public String cwd() {
    return cwd;
  }

  public @Nullable String sessionName() {
    return sessionName;
  }
}
