package dev.agentrelay.tunnel.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames that carry bytes in the very form in which runners write them, straight from the
 * message: nearly all that goes through a tunnel. Whatever looks otherwise is left to {@link
 * FrameReader}.
 */
final class ContentFrames {
  private static final byte[] BODY = ascii("{\"type\":\"response-data\",\"id\":\"");
  private static final byte[] BODY_END = ascii("\"}");
  private static final byte[] SOCKET = ascii("{\"type\":\"ws-data\",\"id\":\"");
  private static final byte[] SOCKET_END = ascii("\",\"binary\":true}");
  private static final byte[] DATA = ascii("\",\"data\":\"");
  private static final int MAX_ID_BYTES = 64;

  private ContentFrames() {}

  /** The frame of a message; {@code null} when it has another form. */
  static @Nullable RunnerFrame read(Buffer message) {
    int length = message.length();
    byte[] bytes = new byte[length + BodyText.PADDING];
    message.getBytes(bytes);
    if (stands(BODY, bytes, 0)) {
      return body(bytes, length);
    }
    return stands(SOCKET, bytes, 0) ? socket(bytes, length) : null;
  }

  private static @Nullable RunnerFrame body(byte[] message, int messageEnd) {
    int idEnd = idEnd(message, BODY.length);
    int from = idEnd + DATA.length;
    int end = messageEnd - BODY_END.length;
    if (idEnd < 0 || from > end || !stands(BODY_END, message, end)) {
      return null;
    }
    int length = BodyText.decodeInPlace(message, from, end);
    return length == BodyText.NO_BODY
        ? null
        : new RunnerFrame.ResponseData(
            id(message, BODY.length, idEnd),
            Buffer.buffer(length).appendBytes(message, from - BodyText.LEAD, length));
  }

  private static @Nullable RunnerFrame socket(byte[] message, int messageEnd) {
    int idEnd = idEnd(message, SOCKET.length);
    int from = idEnd + DATA.length;
    int end = messageEnd - SOCKET_END.length;
    if (idEnd < 0 || from > end || !stands(SOCKET_END, message, end)) {
      return null;
    }
    try {
      ByteBuffer bytes = Base64.getDecoder().decode(ByteBuffer.wrap(message, from, end - from));
      return new RunnerFrame.SocketBinary(
          id(message, SOCKET.length, idEnd),
          Buffer.buffer(bytes.remaining()).appendBytes(bytes.array(), 0, bytes.remaining()));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** Where an id ends that is followed by the data; negative when it does not look like that. */
  private static int idEnd(byte[] message, int from) {
    int limit = Math.min(message.length, from + MAX_ID_BYTES);
    for (int at = from; at < limit; at++) {
      if (message[at] == '"') {
        return stands(DATA, message, at) ? at : -1;
      }
      if (message[at] < ' ' || message[at] == '\\') {
        return -1;
      }
    }
    return -1;
  }

  private static String id(byte[] message, int from, int end) {
    return new String(message, from, end - from, StandardCharsets.US_ASCII);
  }

  private static boolean stands(byte[] expected, byte[] message, int at) {
    return message.length - at >= expected.length
        && Arrays.equals(expected, 0, expected.length, message, at, at + expected.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
