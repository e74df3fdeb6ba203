package dev.agentrelay.socketio.engine;

import java.nio.charset.StandardCharsets;

/**
 * One outgoing engine packet, encoded once: an unmasked server WebSocket frame, header included,
 * whose payload also serves polling. Immutable by agreement and free to be shared between
 * connections and threads.
 */
public final class EngineFrame {
  static final EngineFrame PING = ofPacket("2");
  static final EngineFrame PROBE_ANSWER = ofPacket("3probe");

  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;

  private final byte[] bytes;
  private final int payloadOffset;
  private final boolean binary;

  private EngineFrame(byte[] bytes, int payloadOffset, boolean binary) {
    this.bytes = bytes;
    this.payloadOffset = payloadOffset;
    this.binary = binary;
  }

  /** Fills in a message of known length. */
  @FunctionalInterface
  public interface Filler {
    void fill(byte[] target, int offset);
  }

  /** A text message of {@code length} bytes, written by the filler into its final place. */
  public static EngineFrame message(int length, Filler filler) {
    EngineFrame frame = allocate(length + 1, false);
    frame.bytes[frame.payloadOffset] = '4';
    filler.fill(frame.bytes, frame.payloadOffset + 1);
    return frame;
  }

  /** A binary message. */
  public static EngineFrame binary(byte[] message) {
    EngineFrame frame = allocate(message.length, true);
    System.arraycopy(message, 0, frame.bytes, frame.payloadOffset, message.length);
    return frame;
  }

  /** A packet given as text, its type digit first. */
  static EngineFrame ofPacket(String packet) {
    byte[] payload = packet.getBytes(StandardCharsets.UTF_8);
    EngineFrame frame = allocate(payload.length, false);
    System.arraycopy(payload, 0, frame.bytes, frame.payloadOffset, payload.length);
    return frame;
  }

  private static EngineFrame allocate(int length, boolean binary) {
    int header = length < 126 ? 2 : length <= 0xFFFF ? 4 : 10;
    byte[] bytes = new byte[Math.addExact(header, length)];
    bytes[0] = (byte) (binary ? BINARY : TEXT);
    if (header == 2) {
      bytes[1] = (byte) length;
    } else {
      bytes[1] = (byte) (header == 4 ? 126 : 127);
      for (int i = header - 1, rest = length; i > 1 && rest != 0; i--, rest >>>= 8) {
        bytes[i] = (byte) rest;
      }
    }
    return new EngineFrame(bytes, header, binary);
  }

  /** The whole WebSocket frame; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  int payloadOffset() {
    return payloadOffset;
  }

  int payloadLength() {
    return bytes.length - payloadOffset;
  }

  boolean isBinary() {
    return binary;
  }

  /** Bytes on the wire. */
  public int size() {
    return bytes.length;
  }
}
