package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.CloseReason;
import dev.agentrelay.socketio.engine.SharedFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said to one socket, in order: held until its client has joined, and, of rooms, kept back
 * while the client is brought up to date otherwise. Confined to the connection's event loop.
 */
final class OutgoingPackets {
  private final ClientConnection client;
  private @Nullable List<EncodedPacket> held = new ArrayList<>(0);
  private @Nullable RoomBacklog backlog;
  private long given;
  private boolean closed;

  OutgoingPackets(ClientConnection client) {
    this.client = client;
  }

  void send(EncodedPacket packet) {
    if (closed) {
      return;
    }
    if (held != null) {
      held.add(packet);
    } else {
      client.write(packet);
    }
  }

  /**
   * Sends a packet of a room that others on this event loop get as well.
   *
   * @param place in the room's history; 0 for what has none
   */
  void send(EncodedPacket packet, long place, SharedFrame shared) {
    if (backlog != null) {
      // clients notice a hole in what is numbered, and ask; of anything else they must start over
      if (!backlog.add(packet, place) && place == 0) {
        client.engine().close(CloseReason.SERVER_CLOSE);
      }
    } else if (place != 0 && place <= given) {
      return;
    } else if (held != null || !packet.attachments().isEmpty()) {
      send(packet);
    } else if (!closed) {
      client.engine().send(shared);
    }
  }

  /** The client knows that it has joined: what was said before goes out. */
  void release() {
    List<EncodedPacket> early = held;
    held = null;
    if (early != null) {
      early.forEach(client::write);
    }
  }

  /** See {@link Socket#pauseRooms}. */
  void pauseRooms() {
    backlog = backlog == null ? new RoomBacklog() : backlog;
    given = 0;
  }

  /** See {@link Socket#resumeRooms}. */
  void resumeRooms(long brought) {
    RoomBacklog kept = backlog;
    backlog = null;
    if (kept != null) {
      given = brought;
      kept.drainAfter(brought, this::send);
    }
  }

  /** Nothing is sent from now on. */
  void close() {
    closed = true;
  }
}
