package dev.agentrelay.gateway.session;

import java.time.Duration;

/**
 * Holds back streaming deltas that nobody sees. Whether somebody watches is counted when a delta is
 * stored, and believed for two seconds; an unknown count publishes (sockets.md 4.4.2). Confined to
 * the owner's event loop.
 */
final class UnwatchedDeltas {
  private static final long BELIEVED_NANOS = Duration.ofSeconds(2).toNanos();

  private boolean nobodyWatched;
  private boolean counting;
  private long countedAt;

  /** Whether a delta is to be sent on; {@code localViewers} is the count on this replica. */
  boolean publishes(int localViewers, long now) {
    return localViewers > 0 || !nobodyWatched || now - countedAt > BELIEVED_NANOS;
  }

  /** A delta is on its way to Redis, whose answer tells how many other replicas watch. */
  void awaitCount() {
    counting = true;
  }

  /**
   * Takes note of how many watched when something was stored; only counts that a delta asked for
   * are believed.
   */
  void counted(int localViewers, long otherReplicas, long now) {
    if (counting) {
      counting = false;
      nobodyWatched = localViewers == 0 && otherReplicas == 0;
      countedAt = now;
    }
  }

  /** Somebody has started to watch. */
  void watched() {
    nobodyWatched = false;
    counting = false;
  }
}
