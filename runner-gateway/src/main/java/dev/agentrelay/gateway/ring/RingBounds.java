package dev.agentrelay.gateway.ring;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides what the ring of one session forgets: it holds so many events and so many bytes, whatever
 * is less.
 */
final class RingBounds {
  private final int maxEvents;
  private final long maxBytes;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private long bytes;
  private long newest;

  private record Kept(long seq, int bytes) {}

  RingBounds(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** Takes note of an event, once however often it is sent; the newest one is always kept. */
  void add(long seq, int size) {
    if (seq <= newest) {
      return;
    }
    newest = seq;
    kept.add(new Kept(seq, size));
    bytes += size;
    while (kept.size() > 1 && (kept.size() > maxEvents || bytes > maxBytes)) {
      bytes -= kept.remove().bytes();
    }
  }

  /** The sequence number of the oldest event to keep; 0 while there is none. */
  long firstKept() {
    return kept.isEmpty() ? 0 : kept.element().seq();
  }
}
