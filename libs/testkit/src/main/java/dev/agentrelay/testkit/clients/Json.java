package dev.agentrelay.testkit.clients;

import java.util.LinkedHashMap;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** Builds and reads the client library's JSON without its checked exceptions. */
public final class Json {
  private static final String HEX = "0123456789abcdef";

  private Json() {}

  /**
   * An object with these names and values in the order written, because real clients put an event's
   * {@code type} first. A {@code null} value becomes JSON null.
   */
  public static JSONObject object(@Nullable Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      members.put(String.valueOf(namesAndValues[i]), value == null ? JSONObject.NULL : value);
    }
    return new JSONObject(members);
  }

  /** Adds the member unless the value is {@code null}: absent is not null. */
  public static JSONObject putIfKnown(JSONObject object, String name, @Nullable Object value) {
    return value == null ? object : put(object, name, value);
  }

  public static JSONObject put(JSONObject object, String name, Object value) {
    try {
      return object.put(name, value);
    } catch (JSONException e) {
      throw new IllegalArgumentException("not a JSON member: " + name, e);
    }
  }

  public static JSONArray array(Object... items) {
    JSONArray array = new JSONArray();
    for (Object item : items) {
      array.put(item);
    }
    return array;
  }

  /** A copy that later changes to the original do not reach. */
  public static JSONArray copy(JSONArray array) {
    JSONArray copy = new JSONArray();
    for (int i = 0; i < array.length(); i++) {
      copy.put(array.opt(i));
    }
    return copy;
  }

  public static JSONObject parse(String text) {
    try {
      return new JSONObject(text);
    } catch (JSONException e) {
      throw new IllegalArgumentException("not a JSON object: " + text, e);
    }
  }

  public static JSONArray parseArray(String text) {
    try {
      return new JSONArray(text);
    } catch (JSONException e) {
      throw new IllegalArgumentException("not a JSON array: " + text, e);
    }
  }

  /** The member as text; {@code null} when it is absent or JSON null. */
  public static @Nullable String text(JSONObject object, String name) {
    return object.isNull(name) ? null : object.optString(name);
  }

  /** The member as text. */
  public static String requireText(JSONObject object, String name) {
    String text = text(object, name);
    if (text == null) {
      throw new IllegalArgumentException("no " + name + " in " + object);
    }
    return text;
  }

  /** The member as a whole number; {@code null} when it is absent or JSON null. */
  public static @Nullable Long number(JSONObject object, String name) {
    return object.isNull(name) ? null : object.optLong(name);
  }

  /** The member as an object; an empty one when it is absent or something else. */
  public static JSONObject objectAt(JSONObject object, String name) {
    JSONObject found = object.optJSONObject(name);
    return found == null ? new JSONObject() : found;
  }

  /** The member as an array; an empty one when it is absent or something else. */
  public static JSONArray arrayAt(JSONObject object, String name) {
    JSONArray found = object.optJSONArray(name);
    return found == null ? new JSONArray() : found;
  }

  /** A JSON string as {@code JSON.stringify} writes it. */
  public static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      switch (one) {
        case '"', '\\' -> quoted.append('\\').append(one);
        case '\b' -> quoted.append("\\b");
        case '\t' -> quoted.append("\\t");
        case '\n' -> quoted.append("\\n");
        case '\f' -> quoted.append("\\f");
        case '\r' -> quoted.append("\\r");
        default -> {
          if (one < ' ') {
            quoted.append(one < 0x10 ? "\\u000" : "\\u001").append(HEX.charAt(one & 0xf));
          } else {
            quoted.append(one);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
