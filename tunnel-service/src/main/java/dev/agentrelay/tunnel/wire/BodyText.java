package dev.agentrelay.tunnel.wire;

import java.util.Arrays;

/**
 * Reads the bytes of a body out of a JSON string in which byte {@code 0xNN} stands as character
 * U+00NN (tunnel.md 2.4), in one pass and without a string in between.
 */
final class BodyText {
  private static final byte[] HEX = new byte[128];

  static {
    Arrays.fill(HEX, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      HEX[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
      HEX[Character.forDigit(digit, 16)] = (byte) digit;
    }
  }

  private BodyText() {}

  /**
   * The bytes of the string that begins after the quote at {@code quote}. The JSON must be well
   * formed, which the frame's parser sees to.
   */
  static byte[] decode(byte[] json, int quote) {
    byte[] out = new byte[json.length - quote];
    int length = 0;
    int at = quote + 1;
    while (true) {
      byte next = json[at++];
      if (next >= ' ' && next != '"' && next != '\\') {
        out[length++] = next;
      } else if ((next & 0xfc) == 0xc0) { // U+0080 to U+00FF
        out[length++] = (byte) ((next << 6) | (json[at++] & 0x3f));
      } else if (next == '"') {
        return Arrays.copyOf(out, length);
      } else if (next == '\\') {
        byte escape = json[at++];
        if (escape == 'u') {
          out[length++] = (byte) ((HEX[json[at + 2]] << 4) | HEX[json[at + 3]]);
          at += 4;
        } else {
          out[length++] = unescaped(escape);
        }
      } else {
        // A character above U+00FF is none of a body's; like the runner, its low byte is taken.
        int more = next >= (byte) 0xf0 ? 3 : next >= (byte) 0xe0 ? 2 : 1;
        int character = next & (0x3f >> more);
        for (; more > 0; more--) {
          character = (character << 6) | (json[at++] & 0x3f);
        }
        out[length++] = (byte) character;
      }
    }
  }

  private static byte unescaped(byte escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      default -> escape;
    };
  }
}
