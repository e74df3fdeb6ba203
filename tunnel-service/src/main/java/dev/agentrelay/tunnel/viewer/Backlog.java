package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.connection.TunnelConnection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what has come for one stream and not gone out to its viewer, and has the runner's
 * connection wait while it is too much. Thread-safe.
 */
final class Backlog {
  private final TunnelConnection connection;
  private final String stream;
  private final long limit;
  private final AtomicLong bytes = new AtomicLong();

  Backlog(TunnelConnection connection, String stream, long limit) {
    this.connection = connection;
    this.stream = stream;
    this.limit = limit;
  }

  /** Called on the connection's event loop, so that nothing more is read in the meantime. */
  void came(int more) {
    long before = bytes.getAndAdd(more);
    if (before <= limit && before + more > limit) {
      connection.hold(stream);
    }
  }

  void went(long fewer) {
    long after = bytes.addAndGet(-fewer);
    long low = limit / 2;
    if (after <= low && after + fewer > low) {
      connection.release(stream);
    }
  }
}
