package dev.agentrelay.socketio;

import dev.agentrelay.socketio.protocol.DecodedPacket;
import java.util.ArrayList;
import java.util.List;

/** A packet whose binary attachments are still arriving. */
final class BinaryAssembly {
  private final DecodedPacket packet;
  private final List<byte[]> attachments = new ArrayList<>();
  private long bytes;

  BinaryAssembly(DecodedPacket packet) {
    this.packet = packet;
  }

  /** False if the attachments together are longer than allowed. */
  boolean add(byte[] attachment, long maxBytes) {
    bytes += attachment.length;
    attachments.add(attachment);
    return bytes <= maxBytes;
  }

  boolean isComplete() {
    return attachments.size() == packet.attachments();
  }

  DecodedPacket packet() {
    return packet;
  }

  List<byte[]> attachments() {
    return attachments;
  }
}
