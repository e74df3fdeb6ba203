package dev.agentrelay.gateway.terminal;

import dev.agentrelay.socketio.Socket;

/**
 * What came from a socket and has not reached the other side yet. While that is too much the socket
 * is not read, so that its client is slowed down by its own connection. Thread-safe.
 */
final class Backlog {
  /** A message costs this much at least, because each is kept track of. */
  private static final long MIN_CHARGE = 1_024;

  private final Socket socket;
  private final long limit;
  private long bytes;
  private boolean paused;

  Backlog(Socket socket, long limit) {
    this.socket = socket;
    this.limit = limit;
  }

  static long charge(long length) {
    return Math.max(length, MIN_CHARGE);
  }

  synchronized void add(long charge) {
    bytes += charge;
    if (!paused && bytes > limit) {
      paused = true;
      socket.context().runOnContext(turn -> apply());
    }
  }

  synchronized void release(long charge) {
    bytes -= charge;
    if (paused && bytes <= limit / 2) {
      paused = false;
      socket.context().runOnContext(turn -> apply());
    }
  }

  /** On the socket's event loop, so that the last decision is the one that stays in force. */
  private synchronized void apply() {
    if (paused) {
      socket.pauseReading();
    } else {
      socket.resumeReading();
    }
  }
}
