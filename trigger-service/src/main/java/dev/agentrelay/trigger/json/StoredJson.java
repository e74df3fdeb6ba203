package dev.agentrelay.trigger.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.json.RelayJson;
import org.jspecify.annotations.Nullable;

/** JSON in text columns, which keep members in order and numbers as they were sent. */
public final class StoredJson {
  private static final ObjectMapper JSON = RelayJson.mapper();

  private StoredJson() {}

  /** An empty object to be filled. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** What a column holds; {@code null} for a column without a value. */
  public static @Nullable JsonNode read(@Nullable String stored) {
    try {
      return stored == null ? null : JSON.readTree(stored);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column holds text that is not JSON", e);
    }
  }

  /** The object a column holds. */
  public static ObjectNode readObject(String stored) {
    if (read(stored) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalStateException("a column holds JSON that is not an object");
  }

  /** The text for a column; {@code null} for no value. */
  public static @Nullable String write(@Nullable JsonNode value) {
    return value == null ? null : text(value);
  }

  /** The text of a value. */
  public static String text(JsonNode value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }
}
