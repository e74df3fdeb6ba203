package dev.agentrelay.tunnel.connection;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.wire.Extension;
import dev.agentrelay.tunnel.wire.RelayFrames;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A registered runner's connection and the streams on it. Stream ids mean something on this
 * connection only, so no other can touch them. Thread-safe; frames are handled one after the other
 * on the connection's event loop.
 */
public final class TunnelConnection {
  private static final int WRITE_QUEUE_BYTES = 256 * 1024;
  private static final short GOING_AWAY = 1001;

  /** Long enough for a runner to take a connection, and for a healthy app to answer. */
  private static final long SWEEP_MILLIS = 1_000;

  private final String id = UUID.randomUUID().toString();
  private final RunnerId runner;
  private final UserId owner;
  private final ServerWebSocket socket;
  private final Context context;
  private final TunnelConfig config;
  private final Set<Extension> extensions;
  private final LongAdder bytesOut;
  private final UserTraffic traffic;
  private final Map<String, TunnelStream> streams = new ConcurrentHashMap<>();
  private final AtomicLong lastStream = new AtomicLong();
  private final Queue<Runnable> awaitingRoom = new ConcurrentLinkedQueue<>();
  private final Reading reading;
  private volatile boolean ended;
  private volatile long heardAt = System.nanoTime();
  private @Nullable Long heartbeat;

  TunnelConnection(
      RunnerId runner,
      UserId owner,
      ServerWebSocket socket,
      Context context,
      TunnelConfig config,
      Set<Extension> extensions,
      LongAdder bytesOut,
      UserTraffic traffic) {
    this.runner = runner;
    this.owner = owner;
    this.socket = socket;
    this.context = context;
    this.config = config;
    this.extensions = extensions;
    this.bytesOut = bytesOut;
    this.traffic = traffic;
    this.reading =
        new Reading(
            task -> context.runOnContext(now -> task.run()), socket::pause, this::goOnReading);
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    socket.drainHandler(room -> serveWaiting());
  }

  /** Names this very connection among all that the runner ever has. */
  public String id() {
    return id;
  }

  public RunnerId runner() {
    return runner;
  }

  /** Whose API key registered it. */
  public UserId owner() {
    return owner;
  }

  /** Whether the runner and the relay have agreed upon it. */
  public boolean speaks(Extension extension) {
    return extensions.contains(extension);
  }

  Set<Extension> extensions() {
    return extensions;
  }

  /** Gives a stream its id; empty when the runner is gone or has as many as it may. */
  public Optional<String> open(TunnelStream stream) {
    if (streams.size() >= config.streamsPerRunner()) {
      return Optional.empty();
    }
    String streamId = Long.toString(lastStream.incrementAndGet());
    streams.put(streamId, stream);
    if (ended && streams.remove(streamId) != null) {
      return Optional.empty();
    }
    return Optional.of(streamId);
  }

  /** Forgets a stream that is over; whatever still comes for it is dropped. */
  public void forget(String stream) {
    streams.remove(stream);
    release(stream, () -> true);
  }

  /** How many streams are open. */
  int streams() {
    return streams.size();
  }

  /** Sends one frame behind everything sent before it. */
  public void send(String frame) {
    if (!ended) {
      count(ByteBufUtil.utf8Bytes(frame));
      socket.writeFinalTextFrame(frame);
    }
  }

  /** Sends one frame that is UTF-8 already. */
  public void send(byte[] frame) {
    if (!ended) {
      count(frame.length);
      socket.writeFrame(TextFrame.of(frame));
    }
  }

  /** Sends one frame of bytes; only with {@link Extension#BIN1}. */
  public void send(Buffer frame) {
    if (!ended) {
      count(frame.length());
      socket.writeFinalBinaryFrame(frame);
    }
  }

  private void count(int sent) {
    bytesOut.add(sent);
    traffic.add(owner, sent);
  }

  /**
   * Has the runner take a connection to the app that it has left with half a request on it, and
   * close it: it would be the next one's (tunnel.md 11, 15).
   */
  public void sweep(int port) {
    String nobody = Long.toString(lastStream.incrementAndGet());
    send(
        RelayFrames.requestStart(
            nobody,
            "HEAD",
            new RelayFrames.Opening(port, "/", Map.of(), false, null),
            speaks(Extension.BIN1)));
    send(RelayFrames.requestDataEnd(nobody));
    context.owner().setTimer(SWEEP_MILLIS, taken -> send(RelayFrames.requestEnd(nobody)));
  }

  /** Whether bodies should wait until the runner has read more; see {@link #whenRoom}. */
  public boolean isFull() {
    return !ended && socket.writeQueueFull();
  }

  /** Runs {@code next} once when bodies may be sent again. */
  public void whenRoom(Runnable next) {
    awaitingRoom.add(next);
    if (!isFull()) {
      context.runOnContext(now -> serveWaiting());
    }
  }

  private void serveWaiting() {
    for (Runnable next = awaitingRoom.poll(); next != null; next = awaitingRoom.poll()) {
      next.run();
    }
  }

  /**
   * A stream has more waiting than it should: nothing more is read from the runner until {@link
   * #release}. It holds up the runner's other streams as well, there is no other means in the
   * protocol.
   *
   * @param stillSlow asked on the event loop, as the stream may have got on meanwhile
   */
  public void hold(String stream, BooleanSupplier stillSlow) {
    reading.hold(stream, () -> streams.containsKey(stream) && stillSlow.getAsBoolean());
  }

  /**
   * The stream can take more.
   *
   * @param stillRoom asked on the event loop, as more may have come meanwhile
   */
  public void release(String stream, BooleanSupplier stillRoom) {
    reading.release(stream, stillRoom);
  }

  private void goOnReading() {
    heardAt = System.nanoTime(); // its words were waiting for us
    socket.resume();
  }

  void startHeartbeat(Runnable onSilence) {
    heartbeat = context.owner().setPeriodic(config.pingEvery().toMillis(), tick -> beat(onSilence));
  }

  private void beat(Runnable onSilence) {
    context.runOnContext(
        now -> {
          boolean silent = System.nanoTime() - heardAt > config.silenceLimit().toNanos();
          if (silent && !reading.isPaused()) {
            onSilence.run();
          } else {
            send(RelayFrames.PING);
          }
        });
  }

  /** A frame of so many bytes has come. */
  void heard(int bytes) {
    traffic.add(owner, bytes);
    heardAt = System.nanoTime();
  }

  void receive(RunnerFrame.OfStream frame) {
    TunnelStream stream = ended ? null : streams.get(frame.id());
    if (stream != null) {
      stream.receive(frame);
    }
  }

  /** Fails every stream, once. */
  void end(TunnelLoss loss) {
    ended = true;
    if (heartbeat != null) {
      context.owner().cancelTimer(heartbeat);
    }
    for (String stream : Set.copyOf(streams.keySet())) {
      TunnelStream open = streams.remove(stream);
      if (open != null) {
        open.lost(loss);
      }
    }
    serveWaiting();
  }

  void close() {
    context.runOnContext(
        now -> {
          socket.resume(); // or the runner's close frame is never seen
          socket.close();
        });
  }

  /** Closes as a server does that is about to stop; the runner is back in three seconds. */
  void leave() {
    context.runOnContext(
        now -> {
          socket.resume();
          socket.close(GOING_AWAY);
        });
  }
}
