package dev.agentrelay.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps what a worker sends in order while one of its events waits for something. Its socket is not
 * read meanwhile, so that only little can pile up. Confined to the owner's event loop.
 */
final class EventOrder {
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean held;

  /** From now on everything waits for {@link #release}. */
  void hold() {
    held = true;
  }

  /** Runs behind all that waits, or at once when nothing does. */
  void run(Runnable step) {
    if (held) {
      waiting.add(step);
    } else {
      step.run();
    }
  }

  /** Goes on with what waits, until one of it has to wait itself. */
  void release() {
    held = false;
    while (!held && !waiting.isEmpty()) {
      waiting.remove().run();
    }
  }
}
