package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.CloseReason;
import dev.agentrelay.socketio.engine.EngineConnection;
import dev.agentrelay.socketio.engine.EngineHandshake;
import dev.agentrelay.socketio.protocol.DecodedPacket;
import dev.agentrelay.socketio.protocol.PacketType;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
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
final class ClientConnection {
  private static final Logger LOG = System.getLogger(ClientConnection.class.getName());

  private final SocketIoServer server;
  private final EngineConnection engine;
  private final Map<String, Socket> sockets = new HashMap<>(2);
  private final Map<String, Joining> joining = new HashMap<>(2);

  /**
   * Namespaces that this side has ended: packets sent before the client knew are dropped, not
   * punished.
   */
  private final Set<String> ended = new HashSet<>(1);

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

  /** A whole packet has come, behind all before it. */
  void dispatch(Joining.Waiting received) {
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

  /** The client does not keep to the protocol. */
  void reject(@Nullable String complaint) {
    LOG.log(Level.DEBUG, () -> "Closing " + engine.sid() + ": " + complaint);
    engine.close(CloseReason.PARSE_ERROR);
  }

  /** The end of the connection, behind all that came on it. */
  void end(CloseReason reason) {
    joining.clear();
    List<Socket> left = List.copyOf(sockets.values());
    sockets.clear();
    left.forEach(socket -> socket.end(DisconnectReason.of(reason)));
  }
}
