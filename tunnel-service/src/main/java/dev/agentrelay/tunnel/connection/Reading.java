package dev.agentrelay.tunnel.connection;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Whether a runner's socket is read: not while a stream has more waiting than it should. Streams
 * ask from threads of their own, so that a hold and its release may come in either order; each asks
 * again, when it is its turn, whether it is still meant. Thread-safe.
 */
final class Reading {
  private final Executor eventLoop;
  private final Runnable pause;
  private final Runnable resume;
  private final Set<String> slow = new HashSet<>(); // on the event loop only

  /**
   * @param eventLoop the socket's, which runs what it is given in turn
   */
  Reading(Executor eventLoop, Runnable pause, Runnable resume) {
    this.eventLoop = eventLoop;
    this.pause = pause;
    this.resume = resume;
  }

  /** Nothing more is read until the stream's {@link #release}. */
  void hold(String stream, BooleanSupplier stillSlow) {
    eventLoop.execute(
        () -> {
          if (stillSlow.getAsBoolean() && slow.add(stream) && slow.size() == 1) {
            pause.run();
          }
        });
  }

  void release(String stream, BooleanSupplier stillRoom) {
    eventLoop.execute(
        () -> {
          if (stillRoom.getAsBoolean() && slow.remove(stream) && slow.isEmpty()) {
            resume.run();
          }
        });
  }

  /** To be asked on the event loop. */
  boolean isPaused() {
    return !slow.isEmpty();
  }
}
