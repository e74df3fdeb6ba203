package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.CloseReason;
import dev.agentrelay.socketio.engine.SharedFrame;
import dev.agentrelay.socketio.protocol.DecodedPacket;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client in one namespace.
 *
 * <p>All methods may be called from any thread. On the connection's event loop they act at once;
 * from elsewhere they act there later, in the order in which the calling thread called them.
 * Handlers run on the event loop, in arrival order.
 */
public final class Socket {
  private static final Logger LOG = System.getLogger(Socket.class.getName());

  private final String id = RandomId.next();
  private final ClientConnection client;
  private final Namespace namespace;
  private final Handshake handshake;
  private final Object principal;
  private final Map<String, BinaryEventHandler> handlers = new HashMap<>();
  private final JoinedRooms rooms = new JoinedRooms(this);
  private final OutgoingPackets outgoing;
  private @Nullable OutstandingAcks acks;
  private @Nullable Consumer<DisconnectReason> onDisconnect;
  private @Nullable DisconnectReason ended;
  private volatile boolean connected = true;
  private boolean paused;

  Socket(ClientConnection client, Namespace namespace, Handshake handshake, Object principal) {
    this.client = client;
    this.namespace = namespace;
    this.handshake = handshake;
    this.principal = principal;
    this.outgoing = new OutgoingPackets(client);
  }

  /** The socket's id, as told to the client in the CONNECT reply. */
  public String id() {
    return id;
  }

  public Namespace namespace() {
    return namespace;
  }

  public Handshake handshake() {
    return handshake;
  }

  /** What {@link Admission.Accept} carried. */
  public Object principal() {
    return principal;
  }

  /** The Vert.x context of the connection's event loop. */
  public Context context() {
    return client.engine().context();
  }

  /** Whether the socket is still in its namespace. */
  public boolean isConnected() {
    return connected;
  }

  /** Sets the handler of an event. Events without one are ignored. */
  public void on(String event, EventHandler handler) {
    onBinary(event, (args, attachments, ack) -> handler.handle(args, ack));
  }

  /** Sets the handler of an event that may bring binary attachments. */
  public void onBinary(String event, BinaryEventHandler handler) {
    execute(() -> handlers.put(event, handler));
  }

  /**
   * Adds a handler that is called exactly once, when the socket has left its namespace for whatever
   * reason.
   */
  public void onDisconnect(Consumer<DisconnectReason> handler) {
    execute(
        () -> {
          if (ended != null) {
            handler.accept(ended);
          } else {
            onDisconnect = onDisconnect == null ? handler : onDisconnect.andThen(handler);
          }
        });
  }

  public void emit(String event, RawJson... args) {
    emit(namespace.encode(event, args));
  }

  /** Sends a packet that was encoded for this namespace. */
  public void emit(EncodedPacket packet) {
    if (packet.namespace() != namespace) {
      throw new IllegalArgumentException("The packet was encoded for " + packet.namespace().name());
    }
    execute(() -> outgoing.send(packet));
  }

  /**
   * Emits an event and asks for an answer.
   *
   * @return the answer's arguments, on the connection's context; fails with {@link
   *     AcknowledgementException}
   */
  public Future<List<RawJson>> emitWithAck(String event, Duration timeout, RawJson... args) {
    Promise<List<RawJson>> answer = Promise.promise();
    execute(() -> ask(answer, event, timeout, args));
    return answer.future();
  }

  private void ask(Promise<List<RawJson>> answer, String event, Duration timeout, RawJson... args) {
    if (acks == null) {
      acks = new OutstandingAcks(client.options().maxOutstandingAcks());
    }
    if (!connected) {
      answer.fail(new AcknowledgementException(AcknowledgementException.Cause.DISCONNECTED));
    } else if (acks.isFull()) {
      answer.fail(
          new AcknowledgementException(AcknowledgementException.Cause.TOO_MANY_OUTSTANDING));
    } else {
      long ackId = acks.expect(answer, timeout, eventLoop());
      outgoing.send(EncodedPacket.event(namespace, ackId, event, List.of(), args));
    }
  }

  /**
   * Joins a room at once: the caller's next emit to the room reaches this socket. Does nothing
   * after the end.
   */
  public void join(String room) {
    rooms.join(room);
  }

  /** Leaves a room at once. */
  public void leave(String room) {
    rooms.leave(room);
  }

  /**
   * Keeps back what is said in the socket's rooms, for a short while, so that the client can be
   * brought up to date first. Idempotent.
   */
  public void pauseRooms() {
    execute(outgoing::pauseRooms);
  }

  /**
   * Sends what was kept back.
   *
   * @param given up to which place of the room's history the client was brought otherwise; what
   *     stands there is not sent again, also when it is said later
   */
  public void resumeRooms(long given) {
    execute(() -> outgoing.resumeRooms(given));
  }

  /**
   * Sends a namespace DISCONNECT; the engine connection and its other namespaces live on. Clients
   * do not come back.
   */
  public void disconnect() {
    execute(
        () -> {
          if (connected) {
            outgoing.resumeRooms(0);
            outgoing.send(EncodedPacket.disconnect(namespace));
            client.forget(this);
            end(DisconnectReason.SERVER_DISCONNECT);
          }
        });
  }

  /** Sends a namespace DISCONNECT and closes the engine connection with all its namespaces. */
  public void disconnectAndClose() {
    disconnect();
    closeTransport();
  }

  /** Closes the engine connection without a DISCONNECT: clients reconnect. */
  public void closeTransport() {
    execute(() -> client.engine().close(CloseReason.SERVER_CLOSE));
  }

  /**
   * Stops reading from the connection, with all its namespaces, until {@link #resumeReading} or the
   * socket's end. Idempotent per socket; a few messages already read may still be handled.
   */
  public void pauseReading() {
    execute(
        () -> {
          if (connected && !paused) {
            paused = true;
            client.engine().pause();
          }
        });
  }

  public void resumeReading() {
    execute(
        () -> {
          if (paused) {
            paused = false;
            client.engine().resume();
          }
        });
  }

  /**
   * Bytes queued to the client, over all namespaces of its connection, and not yet taken by TCP.
   */
  public long bufferedBytes() {
    return client.engine().bufferedBytes();
  }

  /**
   * How many packets have come from the client's connection, over all its namespaces and with the
   * answers to pings: as long as it stays the same, nothing says that the client is still there.
   */
  public long packetsReceived() {
    return client.engine().received();
  }

  EventLoop eventLoop() {
    return client.engine().eventLoop();
  }

  private void execute(Runnable task) {
    client.engine().execute(task);
  }

  /** Delivers a packet of a room that others on this event loop get as well. */
  void deliver(EncodedPacket packet, long place, SharedFrame shared) {
    outgoing.send(packet, place, shared);
  }

  /** The client knows that it has joined: what was emitted before goes out. */
  void release() {
    outgoing.release();
  }

  void receive(DecodedPacket packet, List<byte[]> attachments) {
    switch (packet.type()) {
      case EVENT, BINARY_EVENT -> handle(packet, attachments);
      case ACK, BINARY_ACK -> {
        if (acks != null) {
          acks.answer(packet.id(), RawJson.valuesOf(packet));
        }
      }
      case DISCONNECT -> {
        client.forget(this);
        end(DisconnectReason.CLIENT_DISCONNECT);
      }
      case CONNECT, CONNECT_ERROR -> {} // answered or rejected by the connection
    }
  }

  private void handle(DecodedPacket packet, List<byte[]> attachments) {
    BinaryEventHandler handler = handlers.get(packet.event());
    if (handler == null) {
      return;
    }
    try {
      handler.handle(RawJson.valuesOf(packet), attachments, Acknowledgement.of(this, packet.id()));
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR,
          "Handler of " + packet.event() + " in " + namespace.name() + " failed for " + id,
          e);
    }
  }

  /** The socket has left its namespace. */
  void end(DisconnectReason reason) {
    if (!connected) {
      return;
    }
    connected = false;
    outgoing.close();
    rooms.close();
    ended = reason;
    namespace.count(-1);
    resumeReading();
    if (acks != null) {
      acks.failAll();
    }
    Consumer<DisconnectReason> handler = onDisconnect;
    onDisconnect = null;
    if (handler != null) {
      try {
        handler.accept(reason);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "Disconnect handler in " + namespace.name() + " failed for " + id, e);
      }
    }
  }
}
