package dev.agentrelay.socketio.engine;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Queue;

/** Packets in an HTTP body: separated by 0x1e, binary ones as {@code b} and base64. */
final class PollingPayload {
  static final byte SEPARATOR = 0x1e;

  private PollingPayload() {}

  /**
   * Takes frames into one body until it holds about {@code maxLength} bytes; at least one frame.
   */
  static Buffer drain(Queue<EngineFrame> frames, int maxLength) {
    Buffer body = Buffer.buffer();
    for (EngineFrame next = frames.peek();
        next != null && (body.length() == 0 || (long) body.length() + next.size() <= maxLength);
        next = frames.peek()) {
      append(body, frames.remove());
    }
    return body;
  }

  private static void append(Buffer body, EngineFrame frame) {
    if (body.length() > 0) {
      body.appendByte(SEPARATOR);
    }
    if (frame.isBinary()) {
      byte[] payload = new byte[frame.payloadLength()];
      System.arraycopy(frame.bytes(), frame.payloadOffset(), payload, 0, payload.length);
      body.appendByte((byte) 'b').appendBytes(Base64.getEncoder().encode(payload));
    } else {
      body.appendBytes(frame.bytes(), frame.payloadOffset(), frame.payloadLength());
    }
  }

  /** Where the packet that starts at {@code start} ends. */
  static int endOfPacket(byte[] body, int start) {
    int end = start;
    while (end < body.length && body[end] != SEPARATOR) {
      end++;
    }
    return end;
  }

  /**
   * The bytes of a packet {@code b<base64>}.
   *
   * @throws IllegalArgumentException if it is not base64
   */
  static byte[] decodeBinary(byte[] body, int start, int end) {
    byte[] base64 = new byte[end - start - 1];
    System.arraycopy(body, start + 1, base64, 0, base64.length);
    return Base64.getDecoder().decode(base64);
  }
}
