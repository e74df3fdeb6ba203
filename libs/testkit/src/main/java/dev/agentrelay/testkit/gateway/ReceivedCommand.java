package dev.agentrelay.testkit.gateway;

import dev.agentrelay.testkit.clients.Json;
import java.time.Instant;
import org.json.JSONObject;

/**
 * A command as it came over Kafka.
 *
 * @param key the record's key
 * @param type the command's type, for example {@code delivertrigger}
 * @param body the command itself
 * @param receivedAt by {@link System#nanoTime}
 */
public record ReceivedCommand(
    String key,
    String commandId,
    String userId,
    Instant deadline,
    String replyTo,
    String type,
    JSONObject body,
    long receivedAt) {

  static ReceivedCommand parse(String key, String value) {
    JSONObject request = Json.parse(value);
    JSONObject body = request.optJSONObject("command");
    if (body == null) {
      throw new IllegalArgumentException("a command request without a command: " + value);
    }
    return new ReceivedCommand(
        key,
        request.optString("commandId"),
        request.optString("userId"),
        Instant.parse(request.optString("deadline")),
        request.optString("replyTo"),
        body.optString("type"),
        body,
        System.nanoTime());
  }

  /** The session it is about; empty text when it names none. */
  public String session() {
    return body.optString("session");
  }

  /** The trigger of a {@code delivertrigger}. */
  public JSONObject trigger() {
    return Json.parse(body.optString("trigger"));
  }
}
