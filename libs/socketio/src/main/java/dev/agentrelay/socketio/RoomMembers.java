package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.SharedFrame;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A room's members, kept grouped by event loop so that a broadcast costs one hop and one copy per
 * loop. Any thread.
 */
final class RoomMembers {
  private record Group(EventLoop loop, List<Socket> sockets) {
    void emit(EncodedPacket packet, long place) {
      if (loop.inEventLoop()) {
        deliver(packet, place);
      } else {
        loop.execute(() -> deliver(packet, place));
      }
    }

    private void deliver(EncodedPacket packet, long place) {
      try (SharedFrame shared = new SharedFrame(packet.frame())) {
        for (Socket socket : sockets) {
          socket.deliver(packet, place, shared);
        }
      }
    }
  }

  private final Set<Socket> sockets = new LinkedHashSet<>();
  private volatile @Nullable List<Group> groups;

  synchronized void add(Socket socket) {
    if (sockets.add(socket)) {
      groups = null;
    }
  }

  /** Answers whether nobody is left. */
  synchronized boolean remove(Socket socket) {
    if (sockets.remove(socket)) {
      groups = null;
    }
    return sockets.isEmpty();
  }

  synchronized int size() {
    return sockets.size();
  }

  synchronized List<Socket> list() {
    return List.copyOf(sockets);
  }

  void emit(EncodedPacket packet, long place) {
    for (Group group : groups()) {
      group.emit(packet, place);
    }
  }

  private List<Group> groups() {
    List<Group> present = groups;
    return present == null ? regroup() : present;
  }

  private synchronized List<Group> regroup() {
    Map<EventLoop, List<Socket>> byLoop = new HashMap<>();
    for (Socket socket : sockets) {
      byLoop.computeIfAbsent(socket.eventLoop(), loop -> new ArrayList<>()).add(socket);
    }
    List<Group> regrouped =
        byLoop.entrySet().stream().map(e -> new Group(e.getKey(), e.getValue())).toList();
    groups = regrouped;
    return regrouped;
  }
}
