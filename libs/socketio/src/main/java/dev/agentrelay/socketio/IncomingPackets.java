package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.CloseReason;
import dev.agentrelay.socketio.engine.EngineConnection;
import dev.agentrelay.socketio.engine.EngineListener;
import dev.agentrelay.socketio.protocol.DecodedPacket;
import dev.agentrelay.socketio.protocol.MalformedPacketException;
import dev.agentrelay.socketio.protocol.PacketDecoder;
import io.vertx.core.AsyncResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole packets of an engine connection's messages, in order: large ones are decoded
 * elsewhere, attachments gathered. Confined to the connection's event loop.
 */
final class IncomingPackets implements EngineListener {
  /** A packet of this size takes about a millisecond. */
  private static final int LARGE_BYTES = 262_144;

  private static final long MOST_BEHIND_BYTES = 1_048_576;

  private final ClientConnection connection;
  private final EngineConnection engine;
  private @Nullable BinaryAssembly assembly;

  /**
   * What has come behind a packet that is being decoded elsewhere, the end of the connection
   * included; absent while none is.
   */
  private @Nullable Deque<Runnable> behind;

  private long behindBytes;
  private boolean holdsReading;

  IncomingPackets(ClientConnection connection) {
    this.connection = connection;
    this.engine = connection.engine();
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
        connection.reject(e.getMessage());
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
      connection.reject(decoded.cause().getMessage());
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
      connection.reject("text among attachments");
    } else if (packet.attachments() > connection.options().maxAttachments()) {
      connection.reject("too many attachments");
    } else if (packet.attachments() > 0) {
      assembly = new BinaryAssembly(packet);
    } else {
      connection.dispatch(new Joining.Waiting(packet, List.of()));
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
      connection.reject("unexpected attachment");
    } else if (!current.add(message, connection.options().maxPayload())) {
      connection.reject("attachments too long");
    } else if (current.isComplete()) {
      assembly = null;
      connection.dispatch(new Joining.Waiting(current.packet(), current.attachments()));
    }
  }

  @Override
  public void onClose(CloseReason reason) {
    if (behind != null) {
      behind.add(() -> onClose(reason));
    } else {
      assembly = null;
      connection.end(reason);
    }
  }
}
