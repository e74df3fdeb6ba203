package dev.agentrelay.socketio.protocol;

/** The packet types of Socket.IO 5; in the order of their digits on the wire. */
public enum PacketType {
  CONNECT('0'),
  DISCONNECT('1'),
  EVENT('2'),
  ACK('3'),
  CONNECT_ERROR('4'),
  BINARY_EVENT('5'),
  BINARY_ACK('6');

  private static final PacketType[] BY_DIGIT = values();

  private final byte digit;

  PacketType(char digit) {
    this.digit = (byte) digit;
  }

  /** Whether binary attachments follow the packet. */
  public boolean isBinary() {
    return this == BINARY_EVENT || this == BINARY_ACK;
  }

  /** The digit on the wire, as ASCII. */
  public byte digit() {
    return digit;
  }

  static PacketType ofDigit(byte digit) throws MalformedPacketException {
    int type = digit - '0';
    if (type < 0 || type >= BY_DIGIT.length) {
      throw new MalformedPacketException("unknown packet type");
    }
    return BY_DIGIT[type];
  }
}
