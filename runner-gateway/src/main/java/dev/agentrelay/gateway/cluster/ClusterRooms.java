package dev.agentrelay.gateway.cluster;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Subscriptions;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.socketio.Namespace;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Rooms whose sockets sit on any replica. A replica listens to a room's channel while it holds one
 * of its sockets. A message is its origin, the event's name, its place in the room's history (see
 * {@link dev.agentrelay.socketio.Room#emit}), each with a line end, and the raw argument; no name
 * means that the room is disconnected. Thread-safe.
 */
@Singleton
public class ClusterRooms {
  private static final Logger LOG = Logger.getLogger(ClusterRooms.class);

  private final ReplicaId self;
  private final RedisLink redis;
  private final Subscriptions subscriptions;
  private final Map<Room, Members> rooms = new HashMap<>();

  private record Room(Namespace namespace, String name) {
    String channel() {
      return LiveKeys.roomChannel(namespace.name(), name);
    }

    @Override
    public String toString() {
      return namespace.name() + " " + name;
    }
  }

  private record Members(Set<Socket> sockets, Future<Void> listening) {}

  /** The first two lines of a room's message: who said it, and the event's name. */
  public static String messageHead(ReplicaId origin, String event) {
    return origin + "\n" + event + "\n";
  }

  ClusterRooms(Replica self, RedisLink redis, Subscriptions subscriptions) {
    this.self = self.id();
    this.redis = redis;
    this.subscriptions = subscriptions;
  }

  /**
   * Puts a socket into a room; completes once nothing that is said there from now on can be missed.
   */
  public Future<Void> join(Socket socket, String name) {
    Room room = new Room(socket.namespace(), name);
    synchronized (this) {
      if (!socket.isConnected()) {
        // it has left its rooms already and would stay in this one for ever
        return Future.failedFuture("the socket is gone");
      }
      Members members = rooms.get(room);
      if (members == null) {
        Future<Void> listening =
            subscriptions.listen(room.channel(), message -> receive(room, message));
        members = new Members(new HashSet<>(), listening);
        rooms.put(room, members);
      }
      members.sockets().add(socket);
      socket.join(name);
      return members.listening();
    }
  }

  public void leave(Socket socket, String name) {
    Room room = new Room(socket.namespace(), name);
    synchronized (this) {
      socket.leave(name);
      Members members = rooms.get(room);
      if (members != null && members.sockets().remove(socket) && members.sockets().isEmpty()) {
        rooms.remove(room);
        subscriptions.forget(room.channel());
      }
    }
  }

  /**
   * Whether this replica certainly receives what is said in the room, because one of its sockets is
   * in it.
   */
  public synchronized boolean isListening(Namespace namespace, String name) {
    Room room = new Room(namespace, name);
    return rooms.containsKey(room) && subscriptions.isInForce(room.channel());
  }

  /** Emits an event to every socket of the room, on all replicas. */
  public void emit(Namespace namespace, String name, String event, RawJson argument) {
    namespace.room(name).emit(namespace.encode(event, argument));
    publish(new Room(namespace, name), event, argument);
  }

  /** Sends a namespace DISCONNECT to every socket of the room, on all replicas. */
  public void disconnect(Namespace namespace, String name) {
    namespace.room(name).disconnectAll();
    publish(new Room(namespace, name), "", RawJson.of("null"));
  }

  private void publish(Room room, String event, RawJson argument) {
    Buffer message =
        Buffer.buffer(messageHead(self, event) + "0\n")
            .appendBytes(argument.array(), argument.offset(), argument.length());
    redis
        .send(Request.cmd(Command.PUBLISH).arg(room.channel()).arg(message))
        .onFailure(
            failure -> LOG.warnf("Room %s was not told %s: %s", room, event, failure.getMessage()));
  }

  private void receive(Room room, Response message) {
    byte[] bytes = message.toBytes();
    int origin = indexOfLineEnd(bytes, 0);
    int event = indexOfLineEnd(bytes, origin + 1);
    int place = indexOfLineEnd(bytes, event + 1);
    if (new String(bytes, 0, origin, StandardCharsets.UTF_8).equals(self.value())) {
      return;
    }
    String name = new String(bytes, origin + 1, event - origin - 1, StandardCharsets.UTF_8);
    var local = room.namespace().room(room.name());
    if (name.isEmpty()) {
      local.disconnectAll();
    } else {
      RawJson argument = RawJson.of(bytes, place + 1, bytes.length - place - 1);
      local.emit(room.namespace().encode(name, argument), number(bytes, event + 1, place));
    }
  }

  private static long number(byte[] bytes, int from, int to) {
    return Long.parseLong(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
  }

  private static int indexOfLineEnd(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] != '\n') {
      at++;
    }
    return at;
  }
}
