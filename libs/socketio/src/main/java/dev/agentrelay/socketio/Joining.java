package dev.agentrelay.socketio;

import dev.agentrelay.socketio.protocol.DecodedPacket;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's wish to join a namespace while it is being decided, with the packets that came
 * meanwhile.
 */
final class Joining {
  /** One waiting packet. */
  record Waiting(DecodedPacket packet, List<byte[]> attachments) {}

  private final Namespace namespace;
  private final Handshake handshake;
  private final List<Waiting> queue = new ArrayList<>(0);
  private long queuedBytes;

  Joining(Namespace namespace, Handshake handshake) {
    this.namespace = namespace;
    this.handshake = handshake;
  }

  Namespace namespace() {
    return namespace;
  }

  Handshake handshake() {
    return handshake;
  }

  List<Waiting> queue() {
    return queue;
  }

  /** False if the packet is one too many, by number or by bytes. */
  boolean offer(Waiting waiting, SocketIoOptions options) {
    queuedBytes += waiting.packet.size();
    for (byte[] attachment : waiting.attachments) {
      queuedBytes += attachment.length;
    }
    if (queue.size() >= options.maxQueuedPackets() || queuedBytes > options.maxPayload()) {
      return false;
    }
    queue.add(waiting);
    return true;
  }
}
