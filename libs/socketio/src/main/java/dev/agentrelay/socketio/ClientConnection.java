package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.CloseReason;
import dev.agentrelay.socketio.engine.EngineConnection;
import dev.agentrelay.socketio.engine.EngineHandshake;
import dev.agentrelay.socketio.engine.EngineListener;
import dev.agentrelay.socketio.protocol.DecodedPacket;
import dev.agentrelay.socketio.protocol.MalformedPacketException;
import dev.agentrelay.socketio.protocol.PacketDecoder;
import dev.agentrelay.socketio.protocol.PacketType;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One engine connection as Socket.IO sees it: the namespaces multiplexed on it. Confined to the
 * connection's event loop.
 */
final class ClientConnection implements EngineListener {
  private static final Logger LOG = System.getLogger(ClientConnection.class.getName());

  /** A packet of this size takes about a millisecond. */
  private static final int LARGE_BYTES = 262_144;

  private static final long MOST_BEHIND_BYTES = 1_048_576;

  private final SocketIoServer server;
  private final EngineConnection engine;
  private final Map<String, Socket> sockets = new HashMap<>(2);
  private final Map<String, Joining> joining = new HashMap<>(2);

  /**
   * Namespaces that this side has ended: packets sent before the client knew are dropped, not
   * punished.
   */
  private final Set<String> ended = new HashSet<>(1);

  private @Nullable BinaryAssembly assembly;

  /**
   * What has come behind a packet that is being decoded elsewhere, the end of the connection
   * included; absent while none is.
   */
  private @Nullable Deque<Runnable> behind;

  private long behindBytes;
  private boolean holdsReading;

  ClientConnection(SocketIoServer server, EngineConnection engine) {
    this.server = server;
    this.engine = engine;
  }

  EngineConnection engine() {
    return engine;
  }

  SocketIoOptions options() {
    return server.options();
  }

  @Override
  public void onText(byte[] array, int offset, int length) {
    if (behind != null) {
      behind.add(() -> onText(array, offset, length));
      boundWhatIsBehind(length);
    } else if (length > LARGE_BYTES) {
      decodeElsewhere(array, offset, length);
    } else {
      try {
        onPacket(PacketDecoder.decode(array, offset, length));
      } catch (MalformedPacketException e) {
        reject(e.getMessage());
      }
    }
  }

  /** Others on the event loop do not wait for a large packet; what this client sends next does. */
  private void decodeElsewhere(byte[] array, int offset, int length) {
    Deque<Runnable> next = new ArrayDeque<>();
    behind = next;
    behindBytes = 0;
    engine
        .context()
        .executeBlocking(() -> PacketDecoder.decode(array, offset, length), false)
        .onComplete(decoded -> engine.execute(() -> onDecoded(decoded, next)));
  }

  /**
   * Reads on while what waits is little: a client that takes its leave behind a large packet may be
   * gone before anything is read again.
   */
  private void boundWhatIsBehind(int length) {
    behindBytes += length;
    if (behindBytes > MOST_BEHIND_BYTES && !holdsReading) {
      holdsReading = true;
      engine.pause();
    }
  }

  private void onDecoded(AsyncResult<DecodedPacket> decoded, Deque<Runnable> next) {
    behind = null;
    if (decoded.succeeded()) {
      onPacket(decoded.result());
    } else {
      reject(decoded.cause().getMessage());
    }
    while (behind == null && !next.isEmpty()) {
      next.remove().run();
    }
    if (behind != null) {
      behind.addAll(next);
    } else if (holdsReading) {
      holdsReading = false;
      engine.resume();
    }
  }

  private void onPacket(DecodedPacket packet) {
    if (assembly != null) {
      reject("text among attachments");
    } else if (packet.attachments() > options().maxAttachments()) {
      reject("too many attachments");
    } else if (packet.attachments() > 0) {
      assembly = new BinaryAssembly(packet);
    } else {
      dispatch(new Joining.Waiting(packet, List.of()));
    }
  }

  @Override
  public void onBinary(byte[] message) {
    if (behind != null) {
      behind.add(() -> onBinary(message));
      boundWhatIsBehind(message.length);
      return;
    }
    BinaryAssembly current = assembly;
    if (current == null) {
      reject("unexpected attachment");
    } else if (!current.add(message, options().maxPayload())) {
      reject("attachments too long");
    } else if (current.isComplete()) {
      assembly = null;
      dispatch(new Joining.Waiting(current.packet(), current.attachments()));
    }
  }

  private void dispatch(Joining.Waiting received) {
    DecodedPacket packet = received.packet();
    String name = packet.namespace();
    if (packet.type() == PacketType.CONNECT) {
      connect(packet);
      return;
    }
    Socket socket = sockets.get(name);
    if (socket != null) {
      socket.receive(packet, received.attachments());
      return;
    }
    Joining undecided = joining.get(name);
    if (undecided == null) {
      if (!ended.contains(name)) {
        reject("packet for a namespace not joined");
      }
    } else if (packet.type() == PacketType.DISCONNECT) {
      joining.remove(name);
      ended.add(name);
    } else if (!undecided.offer(received, options())) {
      reject("too much before admission");
    }
  }

  private void connect(DecodedPacket packet) {
    String name = packet.namespace();
    Namespace namespace = server.find(name);
    Socket present = sockets.get(name);
    if (namespace == null) {
      engine.send(EncodedPacket.refusal(name, "Invalid namespace"));
    } else if (present != null) {
      write(
          EncodedPacket.connect(
              namespace, present.id())); // the official client may ask twice, contract section 1.2
    } else if (!joining.containsKey(name)) {
      ended.remove(name);
      decide(new Joining(namespace, handshake(packet)));
    }
  }

  private Handshake handshake(DecodedPacket packet) {
    EngineHandshake opened = engine.handshake();
    RawJson auth =
        packet.valueCount() == 0
            ? null
            : RawJson.of(packet.source(), packet.valueStart(0), packet.valueLength(0));
    return new Handshake(
        opened.headers(),
        opened.query(),
        opened.remoteAddress(),
        auth,
        Instant.now(),
        packet.namespace());
  }

  private void decide(Joining wish) {
    joining.put(wish.namespace().name(), wish);
    Future<Admission> decision;
    try {
      decision = wish.namespace().authenticate(wish.handshake());
    } catch (RuntimeException e) {
      decision = Future.failedFuture(e);
    }
    decision.onComplete(result -> engine.execute(() -> decided(wish, result)));
  }

  private void decided(Joining wish, AsyncResult<Admission> result) {
    String name = wish.namespace().name();
    if (engine.isClosed() || !joining.remove(name, wish)) {
      return;
    }
    if (result.failed()) {
      LOG.log(
          Level.WARNING,
          "Could not decide about a client of " + name + ", closing " + engine.sid(),
          result.cause());
      engine.close(CloseReason.SERVER_CLOSE);
      return;
    }
    switch (result.result()) {
      case Admission.Accept accept -> admit(wish, accept.principal());
      case Admission.Refuse refuse -> {
        ended.add(name);
        engine.send(EncodedPacket.refusal(name, refuse.message()));
      }
      case Admission.Unavailable unavailable -> engine.close(CloseReason.SERVER_CLOSE);
    }
  }

  private void admit(Joining wish, Object principal) {
    engine.admit();
    Socket socket = new Socket(this, wish.namespace(), wish.handshake(), principal);
    sockets.put(wish.namespace().name(), socket);
    wish.namespace().count(1);
    try {
      wish.namespace().connected(socket);
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR,
          "Connect handler of " + wish.namespace().name() + " failed, closing " + engine.sid(),
          e);
      engine.close(CloseReason.SERVER_CLOSE);
      return;
    }
    write(EncodedPacket.connect(wish.namespace(), socket.id()));
    socket.release();
    for (Joining.Waiting waiting : wish.queue()) {
      if (engine.isClosed()) {
        return;
      }
      dispatch(waiting);
    }
  }

  void write(EncodedPacket packet) {
    engine.send(packet.frame());
    packet.attachments().forEach(engine::send);
  }

  /** Forgets a socket that has left its namespace while the connection lives on. */
  void forget(Socket socket) {
    String name = socket.namespace().name();
    if (sockets.remove(name, socket)) {
      ended.add(name);
    }
  }

  private void reject(@Nullable String complaint) {
    LOG.log(Level.DEBUG, () -> "Closing " + engine.sid() + ": " + complaint);
    engine.close(CloseReason.PARSE_ERROR);
  }

  @Override
  public void onClose(CloseReason reason) {
    if (behind != null) {
      behind.add(() -> onClose(reason));
      return;
    }
    joining.clear();
    assembly = null;
    List<Socket> left = List.copyOf(sockets.values());
    sockets.clear();
    left.forEach(socket -> socket.end(DisconnectReason.of(reason)));
  }
}
