package dev.agentrelay.socketio;

import dev.agentrelay.socketio.protocol.DecodedPacket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One JSON value as UTF-8 bytes, passed through exactly as it arrived or was built. Immutable by
 * agreement: whoever gives or gets an array leaves it unchanged. May be a slice of the frame it
 * came in, which it then keeps in memory.
 */
public final class RawJson {
  public static final RawJson NULL = of("null");
  public static final RawJson TRUE = of("true");
  public static final RawJson FALSE = of("false");

  private final byte[] array;
  private final int offset;
  private final int length;

  private RawJson(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** Takes the array over without copying or checking it. */
  public static RawJson of(byte[] utf8) {
    return new RawJson(utf8, 0, utf8.length);
  }

  /** Takes a part of the array over without copying or checking it. */
  public static RawJson of(byte[] utf8, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, utf8.length);
    return new RawJson(utf8, offset, length);
  }

  /** Of JSON text, which is not checked: {@code of("\"hi\"")} is the string hi. */
  public static RawJson of(String json) {
    return of(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The values of a received packet, as slices of what was received. */
  static List<RawJson> valuesOf(DecodedPacket packet) {
    RawJson[] values = new RawJson[packet.valueCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = of(packet.source(), packet.valueStart(i), packet.valueLength(i));
    }
    return List.of(values);
  }

  /** The array the value lies in, from {@link #offset} on for {@link #length} bytes. */
  public byte[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /** A copy of the value's bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** Copies the value to a place in an array; answers the position after it. */
  public int writeTo(byte[] target, int position) {
    System.arraycopy(array, offset, target, position, length);
    return position + length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawJson that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }
}
