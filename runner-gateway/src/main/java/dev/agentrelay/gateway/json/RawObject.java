package dev.agentrelay.gateway.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.agentrelay.socketio.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as its members, each an untouched slice of what was received. Values that the
 * gateway does not understand keep their exact text, numbers included. Not thread-safe while it is
 * being changed.
 */
public final class RawObject {
  static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, RawJson> members;

  private RawObject(Map<String, RawJson> members) {
    this.members = members;
  }

  public static RawObject empty() {
    return new RawObject(new LinkedHashMap<>());
  }

  /** An event's payload, its first argument; empty when that is missing or no object. */
  public static RawObject first(List<RawJson> arguments) {
    RawObject payload = arguments.isEmpty() ? null : ofChecked(arguments.get(0));
    return payload == null ? empty() : payload;
  }

  /**
   * The object in JSON that has been checked, as a packet's arguments and all their parts have, or
   * {@code null} when that is no object.
   */
  public static @Nullable RawObject ofChecked(@Nullable RawJson json) {
    Map<String, RawJson> members = json == null ? null : CheckedJson.members(json);
    return members == null ? null : new RawObject(members);
  }

  /** The object in {@code json}, which is checked, or {@code null} when that is no object. */
  public static @Nullable RawObject parse(@Nullable RawJson json) {
    if (json == null || json.length() == 0 || json.array()[json.offset()] != '{') {
      return null;
    }
    Map<String, RawJson> members = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(json.array(), json.offset(), json.length())) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, slice(json, parser));
      }
    } catch (IOException e) {
      return null;
    }
    return new RawObject(members);
  }

  /** The object that a request's body is, {@code null} when it is none. */
  public static @Nullable RawObject ofBody(byte @Nullable [] body) {
    if (body == null) {
      return null;
    }
    int start = 0;
    while (start < body.length && Character.isWhitespace(body[start])) {
      start++;
    }
    return parse(RawJson.of(body, start, body.length - start));
  }

  /**
   * One member's text without cutting the whole object up: stops reading once it is found. {@code
   * null} when it is absent or no string.
   */
  public static @Nullable String peekText(RawJson json, String name) {
    if (json.length() == 0 || json.array()[json.offset()] != '{') {
      return null;
    }
    try (JsonParser parser = FACTORY.createParser(json.array(), json.offset(), json.length())) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        if (found) {
          return value == JsonToken.VALUE_STRING ? parser.getText() : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  /** The value at the parser's current token; the parser is left at the value's last token. */
  static RawJson slice(RawJson source, JsonParser parser) throws IOException {
    // byte offsets of a parser over a slice count from the slice's start
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return RawJson.of(source.array(), source.offset() + start, end - start);
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** The member's JSON, {@code null} when it is absent. */
  public @Nullable RawJson get(String name) {
    return members.get(name);
  }

  /** The member's text, {@code null} when it is absent or no string. */
  public @Nullable String text(String name) {
    return JsonValues.text(members.get(name));
  }

  /** The member's text without white space around it, {@code null} when nothing is left of it. */
  public @Nullable String trimmedText(String name) {
    String text = text(name);
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** The member's whole number, {@code null} when it is absent or no finite number. */
  public @Nullable Long number(String name) {
    return JsonValues.number(members.get(name));
  }

  /** Whether the member is literally {@code true}. */
  public boolean isTrue(String name) {
    return JsonValues.isLiteral(members.get(name), "true");
  }

  /** Whether the member is literally {@code false}. */
  public boolean isFalse(String name) {
    return JsonValues.isLiteral(members.get(name), "false");
  }

  /** The member as an object, {@code null} when it is absent or none. */
  public @Nullable RawObject object(String name) {
    return parse(members.get(name));
  }

  public RawObject put(String name, @Nullable RawJson value) {
    members.put(name, value == null ? RawJson.NULL : value);
    return this;
  }

  public RawObject put(String name, @Nullable String value) {
    return put(name, value == null ? RawJson.NULL : JsonValues.of(value));
  }

  public RawObject put(String name, long value) {
    return put(name, RawJson.of(Long.toString(value)));
  }

  public RawObject put(String name, boolean value) {
    return put(name, value ? RawJson.TRUE : RawJson.FALSE);
  }

  public RawObject put(String name, RawObject value) {
    return put(name, value.toJson());
  }

  /**
   * Puts the member only where there is a value: for members that clients expect absent rather than
   * null.
   */
  public RawObject putIfPresent(String name, @Nullable RawJson value) {
    return value == null ? this : put(name, value);
  }

  /** Takes over every member of {@code other}. */
  public RawObject putAll(RawObject other) {
    members.putAll(other.members);
    return this;
  }

  public RawObject remove(String name) {
    members.remove(name);
    return this;
  }

  public Iterable<Map.Entry<String, RawJson>> entries() {
    return members.entrySet();
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  public RawObject copy() {
    return new RawObject(new LinkedHashMap<>(members));
  }

  /** The object as JSON text, members in order. */
  public RawJson toJson() {
    List<byte[]> names = new ArrayList<>(members.size());
    int size = 2 + Math.max(0, members.size() - 1);
    for (Map.Entry<String, RawJson> member : members.entrySet()) {
      byte[] name = JsonStringEncoder.getInstance().quoteAsUTF8(member.getKey());
      names.add(name);
      size += name.length + 3 + member.getValue().length();
    }
    byte[] json = new byte[size];
    json[0] = '{';
    int at = 1;
    Iterator<byte[]> name = names.iterator();
    for (RawJson value : members.values()) {
      if (at > 1) {
        json[at++] = ',';
      }
      byte[] quoted = name.next();
      json[at++] = '"';
      System.arraycopy(quoted, 0, json, at, quoted.length);
      at += quoted.length;
      json[at++] = '"';
      json[at++] = ':';
      at = value.writeTo(json, at);
    }
    json[at] = '}';
    return RawJson.of(json);
  }

  @Override
  public String toString() {
    return new String(toJson().toByteArray(), StandardCharsets.UTF_8);
  }
}
