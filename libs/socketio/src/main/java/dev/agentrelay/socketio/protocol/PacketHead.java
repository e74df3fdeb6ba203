package dev.agentrelay.socketio.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Encodes what stands before a packet's arguments. */
public final class PacketHead {
  private PacketHead() {}

  /** {@code <type>[<attachments>-][<namespace>,]}: the head of packets without arguments. */
  public static byte[] of(PacketType type, String namespace) {
    return open(type, 0, namespace).toByteArray();
  }

  /**
   * {@code <type>[<attachments>-][<namespace>,][<id>]["event"}: arguments follow, each after a
   * comma, then {@code ]}.
   *
   * @param id the acknowledgement to ask for, or {@link DecodedPacket#NO_ID}
   */
  public static byte[] ofEvent(String namespace, int attachments, long id, String event) {
    ByteArrayOutputStream head =
        open(attachments == 0 ? PacketType.EVENT : PacketType.BINARY_EVENT, attachments, namespace);
    if (id != DecodedPacket.NO_ID) {
      head.writeBytes(ascii(Long.toString(id)));
    }
    head.write('[');
    head.writeBytes(quote(event));
    return head.toByteArray();
  }

  /**
   * {@code <type>[<attachments>-][<namespace>,]<id>[}: arguments follow, separated by commas, then
   * {@code ]}.
   */
  public static byte[] ofAck(String namespace, int attachments, long id) {
    ByteArrayOutputStream head =
        open(attachments == 0 ? PacketType.ACK : PacketType.BINARY_ACK, attachments, namespace);
    head.writeBytes(ascii(Long.toString(id)));
    head.write('[');
    return head.toByteArray();
  }

  /** The text as a JSON string. */
  public static byte[] quote(String text) {
    byte[] escaped = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    byte[] quoted = new byte[escaped.length + 2];
    quoted[0] = '"';
    System.arraycopy(escaped, 0, quoted, 1, escaped.length);
    quoted[quoted.length - 1] = '"';
    return quoted;
  }

  private static ByteArrayOutputStream open(PacketType type, int attachments, String namespace) {
    ByteArrayOutputStream head = new ByteArrayOutputStream(64);
    head.write(type.digit());
    if (attachments > 0) {
      head.writeBytes(ascii(attachments + "-"));
    }
    if (!namespace.equals("/")) {
      head.writeBytes(namespace.getBytes(StandardCharsets.UTF_8));
      head.write(',');
    }
    return head;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
