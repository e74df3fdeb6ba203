package dev.agentrelay.socketio;

import java.util.HashSet;
import java.util.Set;

/** The rooms one socket is in, until it leaves its namespace. Any thread. */
final class JoinedRooms {
  private final Socket socket;
  private final Set<String> rooms = new HashSet<>(2);
  private boolean closed;

  JoinedRooms(Socket socket) {
    this.socket = socket;
  }

  synchronized void join(String room) {
    if (!closed && rooms.add(room)) {
      socket.namespace().join(room, socket);
    }
  }

  synchronized void leave(String room) {
    if (rooms.remove(room)) {
      socket.namespace().leave(room, socket);
    }
  }

  /** Leaves all of them for good. */
  synchronized void close() {
    closed = true;
    rooms.forEach(room -> socket.namespace().leave(room, socket));
    rooms.clear();
  }
}
