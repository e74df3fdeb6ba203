package dev.agentrelay.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way to several connections of one event loop: copied into native memory once,
 * whatever their number. Confined to that event loop; close it after the last send.
 */
public final class SharedFrame implements AutoCloseable {
  private final EngineFrame frame;
  private @Nullable ByteBuf buffer;

  public SharedFrame(EngineFrame frame) {
    this.frame = frame;
  }

  EngineFrame frame() {
    return frame;
  }

  /** The frame for one more receiver, who has to release it. */
  ByteBuf claim() {
    if (buffer == null) {
      buffer = copy(frame);
    }
    return buffer.retainedDuplicate();
  }

  static ByteBuf copy(EngineFrame frame) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(frame.size()).writeBytes(frame.bytes());
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
