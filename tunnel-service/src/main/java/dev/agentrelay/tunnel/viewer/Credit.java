package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.connection.TunnelConnection;
import dev.agentrelay.tunnel.wire.Extension;

/**
 * What may still be sent to a runner of one stream before it says that it has handed on some, where
 * it has asked for such windows; as much as one likes where not. Confined to one event loop.
 */
final class Credit {
  /** What each side may have on the way of one stream. */
  static final int WINDOW_BYTES = 256 * 1024;

  private final boolean limited;
  private long left = WINDOW_BYTES;

  Credit(TunnelConnection connection) {
    this.limited = connection.speaks(Extension.CREDIT1);
  }

  void spend(int bytes) {
    left -= bytes;
  }

  void gain(long bytes) {
    left = Math.min(WINDOW_BYTES, left + bytes);
  }

  /** What was begun may be sent whole, beyond the window; nothing else then. */
  boolean isSpent() {
    return limited && left <= 0;
  }
}
