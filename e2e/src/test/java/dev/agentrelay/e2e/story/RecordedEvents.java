package dev.agentrelay.e2e.story;

/** The worker's events of the worked example (sockets.md 9.2, 9.3), as short as they may be. */
final class RecordedEvents {
  static final String SNAPSHOT =
      "{\"type\":\"session_active\",\"state\":{\"model\":{\"provider\":\"fake\",\"id\":\"fake-1\"},"
          + "\"sessionName\":null,\"cwd\":\"/home/dev/work\",\"messages\":[]}}";
  static final String METADATA =
      "{\"type\":\"session_metadata_update\",\"metadata\":{\"thinkingLevel\":\"off\",\"todoList\":[]}}";
  static final String AUTH_SOURCE = "{\"type\":\"auth_source_changed\",\"source\":\"unknown\"}";
  static final String THINKING = "{\"type\":\"thinking_level_changed\",\"level\":\"off\"}";
  static final String GOAL = "{\"type\":\"goal_updated\",\"goal\":null}";
  static final String TODO_UPDATE = "{\"type\":\"todo_update\",\"todos\":[],\"ts\":1}";
  static final String TODO_UPDATED = "{\"type\":\"todo_updated\",\"todoList\":[]}";
  static final String RETRY = "{\"type\":\"retry_state_changed\",\"state\":null}";
  static final String TOKENS =
      "{\"type\":\"token_usage_updated\",\"tokenUsage\":{\"input\":1},\"providerUsage\":{}}";
  static final String AGENT_START = "{\"type\":\"agent_start\"}";
  static final String AGENT_END = "{\"type\":\"agent_end\"}";

  private RecordedEvents() {}

  static String heartbeat(boolean active) {
    return "{\"type\":\"heartbeat\",\"active\":"
        + active
        + ",\"isCompacting\":false,\"ts\":1700000000000,\"model\":{\"provider\":\"fake\",\"id\":\"fake-1\",\"name\":\"Fake"
        + " One\"},\"sessionName\":null,\"uptime\":1,\"cwd\":\"/home/dev/work\","
        + "\"queuedMessages\":[]}";
  }

  static String turnStart(int index) {
    return "{\"type\":\"turn_start\",\"turnIndex\":" + index + ",\"timestamp\":1700000000000}";
  }

  static String turnEnd(int index) {
    return "{\"type\":\"turn_end\",\"turnIndex\":"
        + index
        + ",\"message\":"
        + message("assistant", "done")
        + ",\"toolResults\":[]}";
  }

  static String messageStart(String role, String text) {
    return "{\"type\":\"message_start\",\"message\":" + message(role, text) + "}";
  }

  static String messageEnd(String role, String text) {
    return "{\"type\":\"message_end\",\"message\":" + message(role, text) + "}";
  }

  /** A {@code message_update} of that inner type. */
  static String delta(String type, int word) {
    return "{\"type\":\"message_update\",\"message\":"
        + message("assistant", "word " + word)
        + ",\"assistantMessageEvent\":{\"type\":\""
        + type
        + "\",\"contentIndex\":0,\"delta\":\"word "
        + word
        + "\"}}";
  }

  private static String message(String role, String text) {
    return "{\"role\":\""
        + role
        + "\",\"content\":[{\"type\":\"text\",\"text\":\""
        + text
        + "\"}],\"timestamp\":1700000000000}";
  }
}
