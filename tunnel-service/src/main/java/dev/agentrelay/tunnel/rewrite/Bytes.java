package dev.agentrelay.tunnel.rewrite;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that are being collected, seen as Latin-1. */
final class Bytes {
  private byte[] array = new byte[256];
  private int length;

  int length() {
    return length;
  }

  byte at(int index) {
    return array[index];
  }

  void add(byte one) {
    if (length == array.length) {
      array = Arrays.copyOf(array, length * 2);
    }
    array[length++] = one;
  }

  void add(byte[] from, int start, int end) {
    int more = end - start;
    if (length + more > array.length) {
      array = Arrays.copyOf(array, Math.max(length + more, length * 2));
    }
    System.arraycopy(from, start, array, length, more);
    length += more;
  }

  void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    add(bytes, 0, bytes.length);
  }

  /** Adds text in front of what stands at a place. */
  void insert(int at, String text) {
    byte[] rest = Arrays.copyOfRange(array, at, length);
    length = at;
    add(text);
    add(rest, 0, rest.length);
  }

  void addAll(Bytes other) {
    add(other.array, 0, other.length);
  }

  String text(int start, int end) {
    return new String(array, start, end - start, StandardCharsets.ISO_8859_1);
  }

  String text() {
    return text(0, length);
  }

  void clear() {
    length = 0;
  }

  /** Everything, and begins anew. */
  Buffer take() {
    Buffer taken = Buffer.buffer(Arrays.copyOf(array, length));
    length = 0;
    return taken;
  }
}
