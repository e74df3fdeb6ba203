package dev.agentrelay.socketio.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Decodes the text part of a packet: {@code <type>[<attachments>-][<namespace>,][<id>][<JSON>]}.
 */
public final class PacketDecoder {
  private static final int MAX_ID_DIGITS =
      15; // the client's ids are JSON numbers, exact up to 2^53
  private static final int[] NO_VALUES = {};

  private final byte[] source;
  private final int end;
  private int position;

  private PacketDecoder(byte[] source, int offset, int length) {
    this.source = source;
    this.position = offset;
    this.end = offset + length;
  }

  /**
   * Decodes one packet.
   *
   * @param source holds the packet's UTF-8 and is kept by the result
   * @throws MalformedPacketException where the official server would close the connection with
   *     "parse error"
   */
  public static DecodedPacket decode(byte[] source, int offset, int length)
      throws MalformedPacketException {
    return new PacketDecoder(source, offset, length).packet();
  }

  private DecodedPacket packet() throws MalformedPacketException {
    if (position == end) {
      throw new MalformedPacketException("empty packet");
    }
    PacketType type = PacketType.ofDigit(source[position++]);
    int attachments = type.isBinary() ? attachments() : 0;
    String namespace = namespace();
    long id = id();
    int length = end - position;
    return switch (type) {
      case EVENT, BINARY_EVENT -> {
        ArgumentScanner scanner = ArgumentScanner.scan(source, position, length, true);
        yield new DecodedPacket(
            type, namespace, id, attachments, scanner.event(), source, scanner.bounds());
      }
      case ACK, BINARY_ACK -> {
        if (id == DecodedPacket.NO_ID) {
          throw new MalformedPacketException("ack without an id");
        }
        ArgumentScanner scanner = ArgumentScanner.scan(source, position, length, false);
        yield new DecodedPacket(type, namespace, id, attachments, null, source, scanner.bounds());
      }
      case CONNECT -> {
        int[] payload = length == 0 ? NO_VALUES : ArgumentScanner.object(source, position, length);
        yield new DecodedPacket(type, namespace, id, 0, null, source, payload);
      }
      case DISCONNECT -> {
        if (length != 0) {
          throw new MalformedPacketException("disconnect with a payload");
        }
        yield new DecodedPacket(type, namespace, id, 0, null, source, NO_VALUES);
      }
      case CONNECT_ERROR -> throw new MalformedPacketException("connect error from a client");
    };
  }

  private int attachments() throws MalformedPacketException {
    long count = digits(6);
    if (count < 0 || position == end || source[position] != '-') {
      throw new MalformedPacketException("illegal attachment count");
    }
    position++;
    return (int) count;
  }

  private String namespace() {
    if (position == end || source[position] != '/') {
      return "/";
    }
    int start = position;
    while (position < end && source[position] != ',') {
      position++;
    }
    String namespace = new String(source, start, position - start, StandardCharsets.UTF_8);
    if (position < end) {
      position++;
    }
    return namespace;
  }

  private long id() throws MalformedPacketException {
    long id = digits(MAX_ID_DIGITS);
    return id < 0 ? DecodedPacket.NO_ID : id;
  }

  /** The number at the position, or -1 if no digit stands there. */
  private long digits(int most) throws MalformedPacketException {
    int start = position;
    long value = 0;
    while (position < end && source[position] >= '0' && source[position] <= '9') {
      value = value * 10 + source[position++] - '0';
      if (position - start > most) {
        throw new MalformedPacketException("number too long");
      }
    }
    return position == start ? -1 : value;
  }
}
