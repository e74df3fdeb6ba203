package dev.agentrelay.tunnel.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes and encodes the inside of a JSON string in which byte {@code 0xNN} of a body stands as
 * character U+00NN (tunnel.md 2.4). It takes eight bytes at a time, as most of what goes through a
 * tunnel comes this way, and no processor can guess the branches of random bytes.
 */
final class BodyText {
  /** The string is malformed, or holds a character that is no byte. */
  static final int NO_BODY = -1;

  /** How much earlier the bytes are left, so that writing a word spoils nothing unread. */
  static final int LEAD = Long.BYTES;

  /** How many bytes must follow the closing quote. */
  static final int PADDING = Long.BYTES;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101010101010101L;
  private static final long TOP = 0x8080808080808080L;
  private static final long FIRST_OF_TWO = 0xc2c2c2c2c2c2c2c2L;
  private static final long ALL_BUT_TOP = ~TOP;
  private static final int ESCAPED_BYTE = 0x3030755c; // backslash, u, 0, 0
  private static final int ESCAPED_BYTE_LENGTH = 6;
  private static final byte[] HEX = new byte[256];
  private static final byte[] SHORT_ESCAPE = new byte[256];

  /** For each byte what stands for it, the first in the lowest place, and its length in the top. */
  private static final long[] ENCODED = new long[256];

  private static final int LENGTH_SHIFT = 56;

  static {
    Arrays.fill(HEX, (byte) -1);
    Arrays.fill(SHORT_ESCAPE, (byte) -1);
    String letters = "bfnrt\"\\/";
    String meant = "\b\f\n\r\t\"\\/";
    for (int i = 0; i < letters.length(); i++) {
      SHORT_ESCAPE[letters.charAt(i)] = (byte) meant.charAt(i);
    }
    for (int digit = 0; digit < 16; digit++) {
      HEX[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
      HEX[Character.forDigit(digit, 16)] = (byte) digit;
    }
    for (int one = 0; one < ENCODED.length; one++) {
      int letter = meant.indexOf(one);
      String text =
          letter >= 0 && one != '/'
              ? "\\" + letters.charAt(letter)
              : one < ' ' ? "\\u%04x".formatted(one) : String.valueOf((char) one);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      ENCODED[one] = (long) bytes.length << LENGTH_SHIFT;
      for (int i = 0; i < bytes.length; i++) {
        ENCODED[one] |= (bytes[i] & 0xffL) << (i * Byte.SIZE);
      }
    }
  }

  private BodyText() {}

  /**
   * Decodes what stands before the quote at {@code end} and leaves it {@link #LEAD} bytes before
   * {@code from}.
   *
   * @return its length, or {@link #NO_BODY}, with the bytes spoiled
   */
  static int decodeInPlace(byte[] json, int from, int end) {
    int start = from - LEAD;
    int at = from;
    int out = start;
    while (true) {
      long word = (long) WORD.get(json, at);
      long special = special(word);
      if ((special | (word & TOP)) == 0) {
        WORD.set(json, out, word);
        at += Long.BYTES;
        out += Long.BYTES;
        continue;
      }

      int length = Long.numberOfTrailingZeros(special) >>> 3;
      long taken = length == Long.BYTES ? word : word & ~(-1L << (length << 3));
      long firsts = taken >>> 7 & taken >>> 6 & EACH;
      long seconds = taken >>> 7 & ~(taken >>> 6) & EACH;
      long notBytes = (taken ^ FIRST_OF_TWO) & firsts * 0xfe;
      if (notBytes != 0 || seconds != firsts << 8) {
        return NO_BODY;
      }
      long upperHalf = (taken & firsts) << 14; // the last bit of a first, as bit 6 of its second
      WORD.set(json, out, Long.compress(taken | upperHalf, ~(firsts * 0xff)));
      out += length - Long.bitCount(firsts);
      if (special == 0) {
        at += length - (int) (firsts >>> 56); // the second is in the next word
        continue;
      }
      at += length;
      long next = (long) WORD.get(json, at);
      int value;
      if ((int) next == ESCAPED_BYTE) {
        value = HEX[(int) (next >>> 32) & 0xff] << 4 | HEX[(int) (next >>> 40) & 0xff];
        at += ESCAPED_BYTE_LENGTH;
      } else if (json[at] == '\\') {
        value = SHORT_ESCAPE[json[at + 1] & 0xff];
        at += 2;
      } else {
        return at == end ? out - start : NO_BODY;
      }
      if (value < 0 || at > end) {
        return NO_BODY;
      }
      json[out++] = (byte) value;
    }
  }

  /** A JSON text with the bytes in it, between what stands before and behind them. */
  static byte[] encode(byte[] before, byte[] bytes, byte[] behind) {
    int length = before.length + behind.length;
    for (byte one : bytes) {
      length += (int) (ENCODED[one & 0xff] >>> LENGTH_SHIFT);
    }
    byte[] json = Arrays.copyOf(before, length);
    int at = 0;
    int out = before.length;
    int lastWhole = bytes.length - 2 * Long.BYTES; // a word may be written over what is to come
    while (at <= lastWhole) {
      long word = (long) WORD.get(bytes, at);
      if ((special(word) | (word & TOP)) == 0) {
        WORD.set(json, out, word);
        out += Long.BYTES;
      } else {
        for (int i = at; i < at + Long.BYTES; i++) {
          long encoded = ENCODED[bytes[i] & 0xff];
          WORD.set(json, out, encoded);
          out += (int) (encoded >>> LENGTH_SHIFT);
        }
      }
      at += Long.BYTES;
    }
    for (; at < bytes.length; at++) {
      long encoded = ENCODED[bytes[at] & 0xff];
      for (int left = (int) (encoded >>> LENGTH_SHIFT); left > 0; left--) {
        json[out++] = (byte) encoded;
        encoded >>>= Byte.SIZE;
      }
    }
    System.arraycopy(behind, 0, json, out, behind.length);
    return json;
  }

  /** The top bit of each byte that is a quote, a backslash or below a space. */
  private static long special(long word) {
    long low = word & ALL_BUT_TOP;
    long notControl = low + EACH * 0x60;
    long notQuote = (low ^ EACH * '"') + EACH * 0x7f;
    long notBackslash = (low ^ EACH * '\\') + EACH * 0x7f;
    return ~((notControl & notQuote & notBackslash) | word) & TOP;
  }
}
