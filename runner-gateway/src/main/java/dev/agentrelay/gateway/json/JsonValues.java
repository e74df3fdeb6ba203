package dev.agentrelay.gateway.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.agentrelay.socketio.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Single JSON values: reading the few the gateway looks at, and writing the few it makes. */
public final class JsonValues {

  private static final int MAX_PLAIN_DIGITS = 15;

  private JsonValues() {}

  /** A JSON string of {@code text}. */
  public static RawJson of(String text) {
    byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    byte[] json = new byte[quoted.length + 2];
    json[0] = '"';
    System.arraycopy(quoted, 0, json, 1, quoted.length);
    json[json.length - 1] = '"';
    return RawJson.of(json);
  }

  /** The text of a JSON string, {@code null} when it is none. */
  public static @Nullable String text(@Nullable RawJson json) {
    if (json == null || json.length() < 2 || json.array()[json.offset()] != '"') {
      return null;
    }
    byte[] bytes = json.array();
    int end = json.offset() + json.length() - 1;
    for (int i = json.offset() + 1; i < end; i++) {
      if (bytes[i] == '\\') {
        return unescape(json);
      }
    }
    return new String(bytes, json.offset() + 1, json.length() - 2, StandardCharsets.UTF_8);
  }

  private static @Nullable String unescape(RawJson json) {
    try (JsonParser parser =
        RawObject.FACTORY.createParser(json.array(), json.offset(), json.length())) {
      return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** A JSON number cut to a whole one, {@code null} when it is no number or beyond 2^53. */
  public static @Nullable Long number(@Nullable RawJson json) {
    if (json == null || json.length() == 0 || json.length() > 32) {
      return null;
    }
    byte first = json.array()[json.offset()];
    if (first != '-' && (first < '0' || first > '9')) {
      return null;
    }
    long digits = json.length() <= MAX_PLAIN_DIGITS ? digits(json) : -1;
    if (digits >= 0) {
      return digits;
    }
    double value = Double.parseDouble(json.toString());
    return Math.abs(value) > 9_007_199_254_740_992d ? null : (Long) (long) value;
  }

  /** What nearly every number is: digits and nothing else; -1 when it is something else. */
  private static long digits(RawJson json) {
    long value = 0;
    for (int i = json.offset(); i < json.offset() + json.length(); i++) {
      int digit = json.array()[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Whether the JSON text is exactly {@code literal}. */
  public static boolean isLiteral(@Nullable RawJson json, String literal) {
    if (json == null || json.length() != literal.length()) {
      return false;
    }
    for (int i = 0; i < literal.length(); i++) {
      if (json.array()[json.offset() + i] != literal.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the JSON text has these bytes anywhere, in a name, a value or some text. Where a byte
   * is none of the wanted, as many are passed over as are wanted.
   */
  public static boolean contains(RawJson json, byte[] wanted) {
    int length = wanted.length;
    int[] shifts = new int[256];
    Arrays.fill(shifts, length);
    for (int i = 0; i < length - 1; i++) {
      shifts[wanted[i] & 0xff] = length - 1 - i;
    }
    byte[] bytes = json.array();
    int end = json.offset() + json.length();
    byte lastWanted = wanted[length - 1];
    for (int at = json.offset() + length - 1; at < end; at += shifts[bytes[at] & 0xff]) {
      if (bytes[at] == lastWanted
          && Arrays.equals(bytes, at - length + 1, at + 1, wanted, 0, length)) {
        return true;
      }
    }
    return false;
  }

  public static boolean isNull(@Nullable RawJson json) {
    return isLiteral(json, "null");
  }

  /** A JSON array of strings. */
  public static RawJson texts(List<String> texts) {
    return array(texts.stream().map(JsonValues::of).toList());
  }

  /** Whether the text is one JSON value, of whatever kind. */
  public static boolean isJson(RawJson json) {
    try (JsonParser parser =
        RawObject.FACTORY.createParser(json.array(), json.offset(), json.length())) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** The elements of a JSON array, {@code null} when it is none. */
  public static @Nullable List<RawJson> elements(@Nullable RawJson json) {
    if (json == null || json.length() == 0 || json.array()[json.offset()] != '[') {
      return null;
    }
    List<RawJson> elements = new ArrayList<>();
    try (JsonParser parser =
        RawObject.FACTORY.createParser(json.array(), json.offset(), json.length())) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(RawObject.slice(json, parser));
      }
    } catch (IOException e) {
      return null;
    }
    return elements;
  }

  /** A JSON array of the given elements. */
  public static RawJson array(List<RawJson> elements) {
    int size = 2;
    for (RawJson element : elements) {
      size += element.length() + 1;
    }
    byte[] json = new byte[elements.isEmpty() ? 2 : size - 1];
    json[0] = '[';
    int at = 1;
    for (RawJson element : elements) {
      if (at > 1) {
        json[at++] = ',';
      }
      System.arraycopy(element.array(), element.offset(), json, at, element.length());
      at += element.length();
    }
    json[at] = ']';
    return RawJson.of(json);
  }
}
