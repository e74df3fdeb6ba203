package dev.agentrelay.socketio;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * What was said in a socket's rooms while these wait, see {@link Socket#pauseRooms}. Confined to
 * the socket's event loop.
 */
final class RoomBacklog {
  /** Beyond this nothing is kept any more. */
  private static final int MOST_PACKETS = 1_024;

  private static final long MOST_BYTES = 16_777_216;

  private final Queue<Said> said = new ArrayDeque<>();
  private long bytes;

  private record Said(EncodedPacket packet, long place) {}

  /** False when it is full: the packet is not kept. */
  boolean add(EncodedPacket packet, long place) {
    if (said.size() >= MOST_PACKETS || bytes >= MOST_BYTES) {
      return false;
    }
    said.add(new Said(packet, place));
    bytes += packet.frame().size();
    return true;
  }

  /** Hands over what has no place in its room's history or one after the given, oldest first. */
  void drainAfter(long place, Consumer<EncodedPacket> receiver) {
    for (Said each : said) {
      if (each.place() == 0 || each.place() > place) {
        receiver.accept(each.packet());
      }
    }
    said.clear();
    bytes = 0;
  }
}
