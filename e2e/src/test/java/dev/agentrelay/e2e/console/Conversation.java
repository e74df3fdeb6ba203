package dev.agentrelay.e2e.console;

import dev.agentrelay.testkit.clients.Json;
import java.time.Instant;
import org.json.JSONArray;
import org.json.JSONObject;

/** Transcripts as workers hold them (contract sockets.md appendix A). */
final class Conversation {
  private static final long BEGIN = Instant.parse("2026-01-01T09:00:00Z").toEpochMilli();

  /** A dot of one pixel. */
  private static final String PICTURE =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

  private final JSONArray messages = new JSONArray();
  private int calls;

  Conversation asks(String text) {
    return add("user", Json.array(Json.object("type", "text", "text", text)));
  }

  /** A person sends a picture. */
  Conversation shows() {
    return add(
        "user", Json.array(Json.object("type", "image", "data", PICTURE, "mimeType", "image/png")));
  }

  Conversation says(String markdown) {
    return add("assistant", Json.array(Json.object("type", "text", "text", markdown)));
  }

  Conversation thinks(String text, int seconds) {
    return add(
        "assistant",
        Json.array(Json.object("type", "thinking", "thinking", text, "durationSeconds", seconds)));
  }

  /** A tool call and what came of it. */
  Conversation calls(String tool, JSONObject arguments, String result, boolean failed) {
    String id = "call-" + ++calls;
    add(
        "assistant",
        Json.array(
            Json.object("type", "toolCall", "id", id, "name", tool, "arguments", arguments)));
    messages.put(
        Json.object(
            "role",
            "toolResult",
            "toolCallId",
            id,
            "toolName",
            tool,
            "content",
            Json.array(Json.object("type", "text", "text", result)),
            "isError",
            failed,
            "timestamp",
            BEGIN + messages.length()));
    return this;
  }

  JSONArray messages() {
    return messages;
  }

  /** A change to a parser: what people are shown. */
  static Conversation ofAChange() {
    return new Conversation()
        .asks("The parser accepts `1..2` as a number. Find out why and fix it, with a test.")
        .thinks(
            "The scanner reads digits and dots in one loop, so it never looks at how many dots"
                + " there were.",
            6)
        .calls(
            "grep",
            Json.object("pattern", "isDigit", "path", "src/main"),
            "src/main/java/scan/Scanner.java:41:    while (isDigit(peek()) || peek() == '.') {",
            false)
        .calls(
            "edit",
            Json.object("path", "src/main/java/scan/Scanner.java", "edits", 2),
            "Replaced 2 places",
            false)
        .calls(
            "bash",
            Json.object("command", "./mvnw -q test -Dtest=ScannerTest", "title", "Run its tests"),
            "Tests run: 14, Failures: 0, Errors: 0",
            false)
        .says(
            """
            The scanner took **any** run of digits and dots as one number. It now takes one dot, and only
            when a digit follows:

            ```java
            private String number() {
              int start = at;
              while (isDigit(peek())) at++;
              if (peek() == '.' && isDigit(peekNext())) {
                at++; // the dot
                while (isDigit(peek())) at++;
              }
              return text.substring(start, at);
            }
            ```

            | input | before | now |
            |---|---|---|
            | `1.2` | number | number |
            | `1..2` | number | refused at the second dot |

            All 14 tests of `ScannerTest` pass, three of them new.
            """);
  }

  private Conversation add(String role, JSONArray content) {
    JSONObject message =
        Json.object(
            "role", role, "content", content, "timestamp", BEGIN + messages.length() * 1000L);
    if (role.equals("assistant")) {
      message.put("stopReason", "stop");
    }
    messages.put(message);
    return this;
  }
}
