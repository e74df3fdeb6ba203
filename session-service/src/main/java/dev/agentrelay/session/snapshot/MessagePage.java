package dev.agentrelay.session.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some messages of a stored state, byte for byte as the worker sent them (sockets.md 4.8).
 *
 * @param oldestIndex place of the first of them among all
 * @param total how many messages the state has
 */
record MessagePage(List<byte[]> messages, int oldestIndex, int total) {
  private static final JsonFactory JSON = new JsonFactory();

  private record Range(int start, int end) {}

  /** The last messages before the one at {@code before}, at most {@code limit}. */
  static MessagePage of(byte[] event, long before, int limit) throws IOException {
    List<Range> all = ranges(event);
    int end = (int) Math.min(before, all.size());
    int start = Math.max(0, end - limit);
    List<byte[]> messages = new ArrayList<>();
    for (Range message : all.subList(start, end)) {
      messages.add(Arrays.copyOfRange(event, message.start(), message.end()));
    }
    return new MessagePage(messages, start, all.size());
  }

  /**
   * Where the messages lie: in the {@code state} of a {@code session_active} event, or in an {@code
   * agent_end} itself.
   */
  private static List<Range> ranges(byte[] event) throws IOException {
    List<Range> found = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(event)) {
      parser.nextToken();
      readMembers(parser, found, true);
    }
    return found;
  }

  private static void readMembers(JsonParser parser, List<Range> found, boolean withState)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("messages") && value == JsonToken.START_ARRAY) {
        readElements(parser, found);
      } else if (withState && name.equals("state") && value == JsonToken.START_OBJECT) {
        readMembers(parser, found, false);
      } else {
        parser.skipChildren();
      }
    }
  }

  private static void readElements(JsonParser parser, List<Range> found) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      parser.finishToken();
      found.add(new Range(start, (int) parser.currentLocation().getByteOffset()));
    }
  }

  /** {@code {"messages","hasMore","oldestIndex","totalMessages"}}. */
  byte[] toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, "{\"messages\":[");
    for (int i = 0; i < messages.size(); i++) {
      write(out, i == 0 ? "" : ",");
      out.writeBytes(messages.get(i));
    }
    write(
        out,
        "],\"hasMore\":"
            + (oldestIndex > 0)
            + ",\"oldestIndex\":"
            + oldestIndex
            + ",\"totalMessages\":"
            + total
            + "}");
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
