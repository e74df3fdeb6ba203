package dev.agentrelay.benchmarks.driver;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Cuts a server's byte stream into WebSocket frames, without an object for any of them. */
final class FrameReader {
  private static final int MAX_BYTES = 64 << 20;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  private byte[] bytes = new byte[1024];
  private int filled;

  /**
   * Takes what TCP brought and hands over every message that is complete by now.
   *
   * @throws IllegalStateException when the stream is not what the gateway sends: unmasked frames
   *     below 64 MiB, none in fragments
   */
  void read(Buffer chunk, FrameListener listener) {
    ensureRoom(chunk.length());
    chunk.getBytes(0, chunk.length(), bytes, filled);
    filled += chunk.length();
    int at = 0;
    int next = handOver(at, listener);
    while (next > at) {
      at = next;
      next = handOver(at, listener);
    }
    System.arraycopy(bytes, at, bytes, 0, filled - at);
    filled -= at;
  }

  /** Where the frame after this one starts; {@code at} when this one is not complete. */
  private int handOver(int at, FrameListener listener) {
    if (filled - at < 2) {
      return at;
    }
    int shortLength = bytes[at + 1];
    if (shortLength < 0) {
      throw new IllegalStateException("a server's frames are not masked");
    }
    int header = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
    if (filled - at < header) {
      return at;
    }
    long length = shortLength;
    if (header > 2) {
      length = 0;
      for (int i = at + 2; i < at + header; i++) {
        length = (length << 8) | (bytes[i] & 0xff);
      }
    }
    if (length < 0 || length > MAX_BYTES) {
      throw new IllegalStateException("a frame of " + length + " bytes");
    }
    int end = at + header + (int) length;
    if (end > filled) {
      return at;
    }
    switch (bytes[at] & 0xff) {
      case 0x80 | TEXT -> listener.onText(bytes, at + header, (int) length);
      case 0x80 | CLOSE -> listener.onClose();
      default -> throw new IllegalStateException("an unexpected frame: " + (bytes[at] & 0xff));
    }
    return end;
  }

  private void ensureRoom(int more) {
    if (filled + more > bytes.length) {
      if (filled + more > 2 * MAX_BYTES) {
        throw new IllegalStateException("a frame never ends");
      }
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, filled + more));
    }
  }
}
