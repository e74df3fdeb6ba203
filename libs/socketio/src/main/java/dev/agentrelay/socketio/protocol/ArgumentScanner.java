package dev.agentrelay.socketio.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates a packet's JSON and finds where each argument starts and ends, without building any of
 * them.
 */
final class ArgumentScanner {
  /** Names with a meaning of their own in the official library, which refuses them as events. */
  private static final Set<String> RESERVED =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  /** Sizes are bounded by the engine's maximum payload already. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] source;
  private final int offset;
  private int[] bounds = new int[4];
  private int count;
  private @Nullable String event;

  private ArgumentScanner(byte[] source, int offset) {
    this.source = source;
    this.offset = offset;
  }

  /** Scans {@code [argument, …]}, or {@code ["event", argument, …]}. */
  static ArgumentScanner scan(byte[] source, int offset, int length, boolean withEvent)
      throws MalformedPacketException {
    ArgumentScanner scanner = new ArgumentScanner(source, offset);
    try (JsonParser parser = open(source, offset, length, '[')) {
      if (withEvent) {
        scanner.readEvent(parser);
      }
      scanner.readValues(parser);
      requireEnd(parser);
    } catch (IOException e) {
      throw new MalformedPacketException("invalid JSON");
    }
    return scanner;
  }

  /** Checks that the payload is one JSON object; answers its start and end. */
  static int[] object(byte[] source, int offset, int length) throws MalformedPacketException {
    try (JsonParser parser = open(source, offset, length, '{')) {
      parser.skipChildren();
      requireEnd(parser);
    } catch (IOException e) {
      throw new MalformedPacketException("invalid JSON");
    }
    return new int[] {offset, offset + length};
  }

  /** The event name; only after a scan with one. */
  @Nullable String event() {
    return event;
  }

  /** Start and end of each argument in the source, one after the other. */
  int[] bounds() {
    return bounds.length == count ? bounds : Arrays.copyOf(bounds, count);
  }

  private static JsonParser open(byte[] source, int offset, int length, char first)
      throws IOException, MalformedPacketException {
    if (length < 2 || source[offset] != first || hasEarlyNul(source, offset, length)) {
      throw new MalformedPacketException("unexpected payload");
    }
    JsonParser parser = JSON.createParser(source, offset, length);
    parser.nextToken();
    return parser;
  }

  /** A NUL among the first bytes would make Jackson guess UTF-16 or UTF-32. */
  private static boolean hasEarlyNul(byte[] source, int offset, int length) {
    for (int i = offset; i < offset + Math.min(4, length); i++) {
      if (source[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private void readEvent(JsonParser parser) throws IOException, MalformedPacketException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
      throw new MalformedPacketException("event without a name");
    }
    String name = parser.getText();
    if (RESERVED.contains(name)) {
      throw new MalformedPacketException("reserved event name");
    }
    event = name;
  }

  private void readValues(JsonParser parser) throws IOException, MalformedPacketException {
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      if (token == null) {
        throw new MalformedPacketException("unfinished JSON");
      }
      int start = position(parser);
      parser.skipChildren();
      token = parser.nextToken();
      add(start, endBefore(position(parser)));
    }
  }

  private int position(JsonParser parser) {
    return offset + (int) parser.currentTokenLocation().getByteOffset();
  }

  /**
   * A value ends before the comma and the white space that precede the next token: a string is
   * skipped, never decoded.
   */
  private int endBefore(int next) {
    int end = next;
    while (isSeparator(source[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isSeparator(byte value) {
    return value == ',' || value == ' ' || value == '\n' || value == '\r' || value == '\t';
  }

  private void add(int start, int end) {
    if (count == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * count);
    }
    bounds[count++] = start;
    bounds[count++] = end;
  }

  private static void requireEnd(JsonParser parser) throws IOException, MalformedPacketException {
    if (parser.nextToken() != null) {
      throw new MalformedPacketException("more than one JSON value");
    }
  }
}
