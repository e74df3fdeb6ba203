package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.connection.TunnelConnection;
import dev.agentrelay.tunnel.wire.Extension;
import dev.agentrelay.tunnel.wire.RelayFrames;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what has come for one stream and not gone out to its viewer, and has the runner's
 * connection wait while it is too much. A runner with a window for each stream is told what has
 * gone out, and need not wait then. Thread-safe, but {@link #went} is for one event loop.
 */
final class Backlog {
  /** So much at once, so that there are few such frames and the runner never runs dry. */
  private static final long GIVEN_BACK_AT = Credit.WINDOW_BYTES / 4;

  private final TunnelConnection connection;
  private final String stream;
  private final long limit;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final boolean windowed;
  private long givenBack;

  Backlog(TunnelConnection connection, String stream, long limit) {
    this.connection = connection;
    this.stream = stream;
    this.limit = limit;
    this.windowed = connection.speaks(Extension.CREDIT1);
  }

  /** A frame of the runner has come; called like {@link #came}. */
  void came(RunnerFrame frame) {
    int size = frame.size();
    if (size > 0) {
      came(size);
    }
    if (windowed) {
      received.addAndGet(frame.contentBytes());
    }
  }

  /** Called on the connection's event loop, so that nothing more is read in the meantime. */
  void came(int more) {
    long before = bytes.getAndAdd(more);
    if (before <= limit && before + more > limit) {
      connection.hold(stream, () -> bytes.get() > limit / 2);
    }
  }

  void went(long fewer) {
    long after = bytes.addAndGet(-fewer);
    long low = limit / 2;
    if (after <= low && after + fewer > low) {
      connection.release(stream, () -> bytes.get() <= limit);
    }
    if (windowed) {
      giveBack(after);
    }
  }

  private void giveBack(long waiting) {
    long back = received.get() - givenBack - waiting;
    if (back >= GIVEN_BACK_AT) {
      givenBack += back;
      connection.send(RelayFrames.window(stream, back));
    }
  }
}
