package dev.agentrelay.socketio.engine;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.impl.ContextInternal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, whatever transport it uses at the moment. Confined to its event loop;
 * {@link #execute}, {@link #bufferedBytes}, {@link #received}, {@link #isClosed} and the plain
 * getters may be used from any thread.
 */
public final class EngineConnection {
  private static final EngineListener NOBODY = new ClosedListener();

  private final String sid;
  private final EngineServer server;
  private final EngineHandshake handshake;
  private final ContextInternal context;
  private final EventLoop eventLoop;
  private final Heartbeat heartbeat;
  private volatile @Nullable Transport transport;
  private EngineListener listener = NOBODY;
  private @Nullable Upgrade upgrade;
  private int pauses;
  private volatile long received;
  private volatile boolean closed;

  EngineConnection(
      String sid, EngineServer server, EngineHandshake handshake, ContextInternal context) {
    this.sid = sid;
    this.server = server;
    this.handshake = handshake;
    this.context = context;
    this.eventLoop = context.nettyEventLoop();
    this.heartbeat = new Heartbeat(this, server.options());
  }

  void open(Transport first, EngineListener receiver) {
    transport = first;
    listener = receiver;
    first.send(server.openPacket(sid, first instanceof PollingTransport));
  }

  public String sid() {
    return sid;
  }

  public EngineHandshake handshake() {
    return handshake;
  }

  public Context context() {
    return context;
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * Runs the task on the connection's event loop: at once if called there, else after what the
   * caller sent there before.
   */
  public void execute(Runnable task) {
    if (eventLoop.inEventLoop()) {
      task.run();
    } else {
      context.runOnContext((Handler<Void>) ignored -> task.run());
    }
  }

  /** Ends the wait for a first namespace. */
  public void admit() {
    heartbeat.admit();
  }

  public void send(EngineFrame frame) {
    Transport current = transport;
    if (current != null && hasRoom(current, frame)) {
      current.send(frame);
    }
  }

  /** Sends a frame that other connections of the same event loop get as well. */
  public void send(SharedFrame frame) {
    Transport current = transport;
    if (current != null && hasRoom(current, frame.frame())) {
      current.send(frame);
    }
  }

  private boolean hasRoom(Transport current, EngineFrame frame) {
    if (closed) {
      return false;
    }
    if (current.pendingBytes() + frame.size() > server.options().maxBufferedBytes()) {
      server.traffic().slowConsumers.increment();
      close(CloseReason.SLOW_CONSUMER);
      return false;
    }
    server.traffic().packetsOut.increment();
    server.traffic().bytesOut.add(frame.size());
    return true;
  }

  /** Bytes queued for the client and not yet taken by TCP. */
  public long bufferedBytes() {
    Transport current = transport;
    return current == null ? 0 : current.pendingBytes();
  }

  /** How many packets the client has sent, pongs among them. */
  public long received() {
    return received;
  }

  /**
   * Stops reading from the client; calls are counted, each needs its {@link #resume}. Pongs are not
   * expected meanwhile.
   */
  public void pause() {
    if (pauses++ == 0 && transport != null) {
      transport.pause();
    }
  }

  public void resume() {
    if (--pauses == 0 && transport != null) {
      transport.resume();
    }
  }

  boolean isPaused() {
    return pauses > 0;
  }

  /**
   * Ends the connection. What was sent before is still delivered unless the reason is the client's
   * slowness.
   */
  public void close(CloseReason reason) {
    if (closed) {
      return;
    }
    closed = true;
    heartbeat.stop();
    if (upgrade != null) {
      upgrade.abort();
      upgrade = null;
    }
    Transport current = transport;
    boolean lingers = current != null && current.close(reason);
    server.onClosed(this, lingers);
    EngineListener receiver = listener;
    listener = NOBODY;
    receiver.onClose(reason);
  }

  /** The polling transport, or null after an upgrade. */
  @Nullable PollingTransport polling() {
    return transport instanceof PollingTransport polling ? polling : null;
  }

  boolean isProbing() {
    return upgrade != null && upgrade.isProbed();
  }

  /** A WebSocket that names this connection has opened; its frames follow on this event loop. */
  void offerUpgrade(WebSocketTransport candidate) {
    if (closed || upgrade != null || polling() == null) {
      candidate.close(CloseReason.SERVER_CLOSE);
    } else {
      upgrade = new Upgrade(this, candidate, server.options().upgradeTimeout());
    }
  }

  void abandonUpgrade() {
    upgrade = null;
  }

  void completeUpgrade(WebSocketTransport candidate) {
    upgrade = null;
    PollingTransport polling = polling();
    if (polling == null) {
      return;
    }
    transport = candidate;
    polling.retire().forEach(candidate::send);
    if (pauses > 0) {
      candidate.pause();
    }
  }

  void onMessage(WebSocketTransport source, MessageAssembler.Message message) {
    if (source == transport) {
      if (message.text()) {
        onText(message.array(), message.offset(), message.length());
      } else {
        byte[] array = message.array();
        onBinary(Arrays.copyOfRange(array, message.offset(), message.offset() + message.length()));
      }
    } else if (upgrade != null && upgrade.isFor(source)) {
      upgrade.onMessage(message);
    }
  }

  void onPollingPacket(PollingTransport source, byte[] body, int start, int end) {
    if (source != transport) {
      return;
    }
    if (end == start || body[start] != 'b') {
      onText(body, start, end - start);
      return;
    }
    byte[] message;
    try {
      message = PollingPayload.decodeBinary(body, start, end);
    } catch (IllegalArgumentException e) {
      close(CloseReason.PARSE_ERROR);
      return;
    }
    onBinary(message);
  }

  private void onBinary(byte[] message) {
    count(message.length);
    listener.onBinary(message);
  }

  private void onText(byte[] array, int offset, int length) {
    count(length);
    switch (length == 0 ? 0 : array[offset]) {
      case '4' -> listener.onText(array, offset + 1, length - 1);
      case '3' -> heartbeat.onPong();
      case '1' -> close(CloseReason.TRANSPORT_CLOSE);
      case '2' -> close(CloseReason.TRANSPORT_ERROR); // only the server pings
      case '0', '5', '6' -> {}
      default -> close(CloseReason.PARSE_ERROR);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
  private void count(int bytes) {
    received++;
    server.traffic().packetsIn.increment();
    server.traffic().bytesIn.add(bytes);
  }

  void onTransportClosed(Transport source) {
    onTransportFailed(source, CloseReason.TRANSPORT_CLOSE);
  }

  void onTransportFailed(Transport source, CloseReason reason) {
    if (source == transport) {
      close(reason);
    } else if (upgrade != null
        && source instanceof WebSocketTransport candidate
        && upgrade.isFor(candidate)) {
      upgrade.abort();
      upgrade = null;
    }
  }

  /** Stands in before the opening and after the end. */
  private static final class ClosedListener implements EngineListener {
    @Override
    public void onText(byte[] array, int offset, int length) {}

    @Override
    public void onBinary(byte[] message) {}

    @Override
    public void onClose(CloseReason reason) {}
  }
}
