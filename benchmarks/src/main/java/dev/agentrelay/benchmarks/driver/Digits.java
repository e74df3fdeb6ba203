package dev.agentrelay.benchmarks.driver;

import java.nio.charset.StandardCharsets;

/** Finds and writes numbers in JSON bytes without parsing them. */
final class Digits {
  private Digits() {}

  /** Whether the bytes from {@code offset} on are those of the prefix. */
  static boolean startsWith(byte[] array, int offset, int length, byte[] prefix) {
    if (length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (array[offset + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** The number that follows the first occurrence of the marker; -1 when there is none. */
  static long after(byte[] marker, byte[] array, int offset, int length) {
    int last = offset + length - marker.length;
    for (int at = offset; at <= last; at++) {
      if (startsWith(array, at, offset + length - at, marker)) {
        return number(array, at + marker.length, offset + length);
      }
    }
    return -1;
  }

  /** Writes a number with leading zeros into all {@code width} places. */
  static void writePadded(long number, byte[] target, int offset, int width) {
    long rest = number;
    for (int i = offset + width - 1; i >= offset; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static long number(byte[] array, int start, int end) {
    long number = 0;
    int at = start;
    while (at < end && array[at] >= '0' && array[at] <= '9') {
      number = number * 10 + array[at] - '0';
      at++;
    }
    return at == start ? -1 : number;
  }
}
