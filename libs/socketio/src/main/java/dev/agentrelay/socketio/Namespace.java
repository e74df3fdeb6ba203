package dev.agentrelay.socketio;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One namespace of a server: who may join it, what its sockets do, and its rooms. Any thread. */
public final class Namespace {
  private static final Object ANONYMOUS = new Object();

  private final String name;
  private final ConcurrentMap<String, RoomMembers> rooms = new ConcurrentHashMap<>();
  private final AtomicInteger size = new AtomicInteger();
  private volatile Function<Handshake, Future<Admission>> authenticate =
      handshake -> Future.succeededFuture(new Admission.Accept(ANONYMOUS));
  private volatile Consumer<Socket> onConnect = socket -> {};

  Namespace(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /**
   * Sets who decides about clients; without it everybody is admitted. Called on the connection's
   * event loop; the answer may come later and from any thread, packets for this namespace wait
   * meanwhile. A failed future counts as {@link Admission.Unavailable}.
   */
  public Namespace onAuthenticate(Function<Handshake, Future<Admission>> decide) {
    authenticate = decide;
    return this;
  }

  /**
   * Sets what is done with an admitted client, on its connection's event loop. Handlers registered
   * here are live before the client is told that it has joined; what is emitted here reaches it
   * after that.
   */
  public Namespace onConnect(Consumer<Socket> receiver) {
    onConnect = receiver;
    return this;
  }

  /**
   * The room of that name on this server; rooms need no creation and vanish when their last member
   * leaves.
   */
  public Room room(String room) {
    return new Room(this, room);
  }

  /** Encodes an event for any number of this namespace's sockets. */
  public EncodedPacket encode(String event, RawJson... args) {
    return EncodedPacket.event(this, event, List.of(), args);
  }

  /** Encodes an event with binary attachments, which the arguments name by placeholders. */
  public EncodedPacket encodeBinary(String event, List<byte[]> attachments, RawJson... args) {
    return EncodedPacket.event(this, event, attachments, args);
  }

  /** Sockets in this namespace at present. */
  public int size() {
    return size.get();
  }

  Future<Admission> authenticate(Handshake handshake) {
    return authenticate.apply(handshake);
  }

  void connected(Socket socket) {
    onConnect.accept(socket);
  }

  void count(int change) {
    size.addAndGet(change);
  }

  void join(String room, Socket socket) {
    rooms.compute(
        room,
        (key, present) -> {
          RoomMembers members = present == null ? new RoomMembers() : present;
          members.add(socket);
          return members;
        });
  }

  void leave(String room, Socket socket) {
    rooms.computeIfPresent(room, (key, members) -> members.remove(socket) ? null : members);
  }

  @Nullable RoomMembers members(String room) {
    return rooms.get(room);
  }

  int roomCount() {
    return rooms.size();
  }
}
