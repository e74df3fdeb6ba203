package dev.agentrelay.benchmarks.driver;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Client frames. They are masked, because a server has to unmask what real clients send. */
final class Frames {
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private Frames() {}

  static void appendText(Buffer target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    appendText(target, bytes, bytes.length);
  }

  /** Appends one text frame with a copy of the first {@code length} bytes. */
  static void appendText(Buffer target, byte[] payload, int length) {
    target.appendByte((byte) 0x81);
    if (length < 126) {
      target.appendByte((byte) (0x80 | length));
    } else if (length <= 0xffff) {
      target.appendByte((byte) (0x80 | 126)).appendUnsignedShort(length);
    } else {
      target.appendByte((byte) (0x80 | 127)).appendLong(length);
    }
    target.appendBytes(MASK);
    byte[] masked = new byte[length];
    for (int i = 0; i < length; i++) {
      masked[i] = (byte) (payload[i] ^ MASK[i & 3]);
    }
    target.appendBytes(masked);
  }
}
