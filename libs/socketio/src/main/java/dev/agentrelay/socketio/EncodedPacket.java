package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.EngineFrame;
import dev.agentrelay.socketio.protocol.DecodedPacket;
import dev.agentrelay.socketio.protocol.PacketHead;
import dev.agentrelay.socketio.protocol.PacketType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A packet of one namespace, encoded once down to its WebSocket frame, however many sockets it is
 * then sent to.
 */
public final class EncodedPacket {
  private final Namespace namespace;
  private final EngineFrame frame;
  private final List<EngineFrame> attachments;

  private EncodedPacket(Namespace namespace, EngineFrame frame, List<EngineFrame> attachments) {
    this.namespace = namespace;
    this.frame = frame;
    this.attachments = attachments;
  }

  static EncodedPacket event(
      Namespace namespace, String event, List<byte[]> attachments, RawJson... args) {
    return event(namespace, DecodedPacket.NO_ID, event, attachments, args);
  }

  static EncodedPacket event(
      Namespace namespace, long id, String event, List<byte[]> attachments, RawJson... args) {
    byte[] head = PacketHead.ofEvent(namespace.name(), attachments.size(), id, event);
    return of(namespace, assemble(head, true, args), attachments);
  }

  static EncodedPacket ack(
      Namespace namespace, long id, List<byte[]> attachments, RawJson... args) {
    byte[] head = PacketHead.ofAck(namespace.name(), attachments.size(), id);
    return of(namespace, assemble(head, false, args), attachments);
  }

  static EncodedPacket disconnect(Namespace namespace) {
    byte[] head = PacketHead.of(PacketType.DISCONNECT, namespace.name());
    return of(namespace, withPayload(head, RawJson.of(new byte[0])), List.of());
  }

  static EncodedPacket connect(Namespace namespace, String sid) {
    byte[] head = PacketHead.of(PacketType.CONNECT, namespace.name());
    return of(namespace, withPayload(head, RawJson.of("{\"sid\":\"" + sid + "\"}")), List.of());
  }

  /** {@code 4<ns>,{"message":…}}; the namespace may be one that does not exist. */
  static EngineFrame refusal(String namespace, String message) {
    byte[] quoted = PacketHead.quote(message);
    byte[] open = "{\"message\":".getBytes(StandardCharsets.US_ASCII);
    byte[] payload = new byte[open.length + quoted.length + 1];
    System.arraycopy(open, 0, payload, 0, open.length);
    System.arraycopy(quoted, 0, payload, open.length, quoted.length);
    payload[payload.length - 1] = '}';
    return withPayload(PacketHead.of(PacketType.CONNECT_ERROR, namespace), RawJson.of(payload));
  }

  private static EncodedPacket of(
      Namespace namespace, EngineFrame frame, List<byte[]> attachments) {
    return new EncodedPacket(
        namespace, frame, attachments.stream().map(EngineFrame::binary).toList());
  }

  private static EngineFrame withPayload(byte[] head, RawJson payload) {
    return EngineFrame.message(
        head.length + payload.length(),
        (target, offset) -> {
          System.arraycopy(head, 0, target, offset, head.length);
          payload.writeTo(target, offset + head.length);
        });
  }

  private static EngineFrame assemble(byte[] head, boolean commaFirst, RawJson... args) {
    int length = head.length + 1;
    for (RawJson arg : args) {
      length = Math.addExact(length, arg.length() + 1);
    }
    if (!commaFirst && args.length > 0) {
      length--;
    }
    return EngineFrame.message(
        length,
        (target, offset) -> {
          System.arraycopy(head, 0, target, offset, head.length);
          int position = offset + head.length;
          for (int i = 0; i < args.length; i++) {
            if (commaFirst || i > 0) {
              target[position++] = ',';
            }
            position = args[i].writeTo(target, position);
          }
          target[position] = ']';
        });
  }

  public Namespace namespace() {
    return namespace;
  }

  /** Bytes on the wire, attachments included. */
  public long size() {
    long size = frame.size();
    for (EngineFrame attachment : attachments) {
      size += attachment.size();
    }
    return size;
  }

  EngineFrame frame() {
    return frame;
  }

  List<EngineFrame> attachments() {
    return attachments;
  }
}
