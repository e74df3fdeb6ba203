package dev.agentrelay.tunnel.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames of {@link Extension#BIN1}: kind, flags, two bytes that are zero, the number of the
 * stream, and the bytes as they are (docs/tunnel-extensions.md).
 */
public final class BinaryFrames {
  private static final int HEAD_BYTES = 8;
  private static final int STREAM_AT = 4;
  private static final byte BODY = 1;
  private static final byte MESSAGE = 2;
  private static final byte END = 1;
  private static final byte TEXT = 2;

  private BinaryFrames() {}

  /** Bytes of a request's body. */
  public static Buffer body(String stream, Buffer bytes) {
    return frame(BODY, 0, stream, bytes.length()).appendBuffer(bytes);
  }

  /** A text message of a viewer's WebSocket. */
  public static Buffer text(String stream, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return frame(MESSAGE, TEXT, stream, bytes.length).appendBytes(bytes);
  }

  /** A binary message of a viewer's WebSocket. */
  public static Buffer binary(String stream, Buffer bytes) {
    return frame(MESSAGE, 0, stream, bytes.length()).appendBuffer(bytes);
  }

  private static Buffer frame(int kind, int flags, String stream, int length) {
    return Buffer.buffer(HEAD_BYTES + length)
        .appendByte((byte) kind)
        .appendByte((byte) flags)
        .appendShort((short) 0)
        .appendUnsignedInt(Long.parseLong(stream));
  }

  /** Whether a binary message is one of these; it may be JSON as well. */
  public static boolean is(Buffer message) {
    return message.length() > 0 && message.getByte(0) != '{';
  }

  /** What a message of a runner says, at most two things; nothing when it is malformed. */
  public static List<RunnerFrame.OfStream> read(Buffer message) {
    List<RunnerFrame.OfStream> frames = new ArrayList<>(2);
    if (message.length() < HEAD_BYTES) {
      return frames;
    }
    String stream = Long.toString(message.getUnsignedInt(STREAM_AT));
    int flags = message.getByte(1);
    int length = message.length() - HEAD_BYTES;
    switch (message.getByte(0)) {
      case BODY -> {
        if (length > 0) {
          frames.add(new RunnerFrame.ResponseData(stream, bytes(message)));
        }
        if ((flags & END) != 0) {
          frames.add(new RunnerFrame.ResponseEnd(stream));
        }
      }
      case MESSAGE ->
          frames.add(
              (flags & TEXT) != 0
                  ? new RunnerFrame.SocketText(
                      stream, message.getString(HEAD_BYTES, message.length()))
                  : new RunnerFrame.SocketBinary(stream, bytes(message)));
      default -> {} // of a later version
    }
    return frames;
  }

  /** A copy: the message's own memory goes back to its pool. */
  private static Buffer bytes(Buffer message) {
    return Buffer.buffer(message.length() - HEAD_BYTES)
        .appendBuffer(message, HEAD_BYTES, message.length() - HEAD_BYTES);
  }
}
