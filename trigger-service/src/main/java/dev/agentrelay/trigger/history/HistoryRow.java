package dev.agentrelay.trigger.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.trigger.json.StoredJson;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One entry of a session's history. Rows are written by {@link History} alone. */
@Entity
@Table(name = "history")
class HistoryRow {
  @Id
  @Column(name = "position")
  long position;

  @Column(name = "session_id")
  String sessionId;

  @Column(name = "trigger_id")
  String triggerId;

  @Column(name = "entry")
  String entry;

  @Column(name = "state")
  String state;

  @Column(name = "reason")
  @Nullable String reason;

  @Column(name = "response")
  @Nullable String response;

  @Column(name = "at")
  Instant at;

  protected HistoryRow() {}

  /** The entry as clients see it; {@code delivery} is ours, the rest is the reference's. */
  ObjectNode toInfo() {
    ObjectNode info = StoredJson.object().put("triggerId", triggerId);
    info.setAll(StoredJson.readObject(entry));
    if (response != null) {
      info.set("response", StoredJson.read(response));
    }
    ObjectNode delivery = info.putObject("delivery");
    delivery.put("state", state).put("at", Timestamps.text(at));
    if (reason != null) {
      delivery.put("reason", reason);
    }
    return info;
  }
}
