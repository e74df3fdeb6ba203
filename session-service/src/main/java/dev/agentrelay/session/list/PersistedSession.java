package dev.agentrelay.session.list;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.agentrelay.platform.json.Timestamps;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A session as it outlives its worker, and as lists show it (rest.md 5.1). */
record PersistedSession(
    String id,
    String shareUrl,
    String cwd,
    Instant startedAt,
    Instant lastActiveAt,
    @Nullable Instant endedAt,
    boolean ephemeral,
    @Nullable Instant expiresAt,
    boolean pinned,
    @Nullable String name,
    @Nullable String runnerId,
    @Nullable String runnerName,
    @Nullable String parentId) {

  static final String COLUMNS =
      "session_id, share_url, cwd, started_at, last_active_at, ended_at, ephemeral, expires_at,"
          + " pinned, session_name, runner_id, runner_name, parent_session_id";

  /** The row of {@link #COLUMNS} at which the result stands. */
  static PersistedSession of(ResultSet row) throws SQLException {
    return new PersistedSession(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getObject(4, OffsetDateTime.class).toInstant(),
        row.getObject(5, OffsetDateTime.class).toInstant(),
        instant(row, 6),
        row.getBoolean(7),
        instant(row, 8),
        row.getBoolean(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getString(13));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Clients of the original know no {@code status}; the API reference does. */
  void writeTo(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("sessionId", id);
    out.writeStringField("shareUrl", shareUrl);
    out.writeStringField("cwd", cwd);
    write(out, "startedAt", startedAt);
    write(out, "lastActiveAt", lastActiveAt);
    write(out, "endedAt", endedAt);
    out.writeBooleanField("isEphemeral", ephemeral);
    write(out, "expiresAt", expiresAt);
    out.writeBooleanField("isPinned", pinned);
    out.writeStringField("sessionName", name);
    out.writeStringField("runnerId", runnerId);
    out.writeStringField("runnerName", runnerName);
    out.writeStringField("parentSessionId", parentId);
    out.writeStringField("status", endedAt == null ? "idle" : "ended");
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, String name, @Nullable Instant time)
      throws IOException {
    out.writeStringField(name, time == null ? null : Timestamps.text(time));
  }
}
