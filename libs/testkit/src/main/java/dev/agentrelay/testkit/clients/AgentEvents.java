package dev.agentrelay.testkit.clients;

import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The worker's events as recorded from generation 0.5.7 (sockets.md 4.4.2, 4.4.3, 9.2). */
final class AgentEvents {
  private AgentEvents() {}

  static JSONObject event(String type, @Nullable Object... namesAndValues) {
    @Nullable Object[] all = new Object[namesAndValues.length + 2];
    all[0] = "type";
    all[1] = type;
    System.arraycopy(namesAndValues, 0, all, 2, namesAndValues.length);
    return Json.object(all);
  }

  static JSONObject userMessage(String text) {
    return Json.object(
        "role", "user", "content", textContent(text), "timestamp", System.currentTimeMillis());
  }

  static JSONObject assistantMessage(JSONObject model) {
    return assistantMessage(
        model,
        new JSONArray(),
        "stop",
        System.currentTimeMillis(),
        "scripted-" + UUID.randomUUID().toString().substring(0, 8));
  }

  /** The same message with the text that has come so far. */
  static JSONObject grown(JSONObject message, JSONObject model, String text, String stopReason) {
    return assistantMessage(
        model,
        textContent(text),
        stopReason,
        message.optLong("timestamp"),
        message.optString("responseId"));
  }

  /** One delta; carries the message so far twice, as the real ones do. */
  static JSONObject messageUpdate(JSONObject message, JSONObject assistantMessageEvent) {
    return event(
        "message_update",
        "message",
        message,
        "assistantMessageEvent",
        Json.put(assistantMessageEvent, "partial", message));
  }

  static JSONObject tokenUsage(int turns) {
    return event(
        "token_usage_updated",
        "tokenUsage",
        Json.object(
            "input", 100 * turns,
            "output", 20 * turns,
            "cacheRead", 0,
            "cacheWrite", 0,
            "cost", 0,
            "contextTokens", 120),
        "providerUsage",
        new JSONObject());
  }

  private static JSONArray textContent(String text) {
    return Json.array(Json.object("type", "text", "text", text));
  }

  private static JSONObject assistantMessage(
      JSONObject model, JSONArray content, String stopReason, long timestamp, String responseId) {
    return Json.object(
        "role",
        "assistant",
        "content",
        content,
        "api",
        "openai-completions",
        "provider",
        model.optString("provider"),
        "model",
        model.optString("id"),
        "usage",
        Json.object("input", 0, "output", 0, "cacheRead", 0, "cacheWrite", 0, "totalTokens", 0),
        "stopReason",
        stopReason,
        "timestamp",
        timestamp,
        "responseId",
        responseId);
  }
}
