package dev.agentrelay.benchmarks.scenario;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** When things have come in, in order. Noted by one thread, awaited by another. */
final class Arrivals {
  private static final int CAPACITY = 1_000_000;
  private static final long SECONDS = 60;

  private final BlockingQueue<Long> nanoTimes = new LinkedBlockingQueue<>(CAPACITY);

  void note() {
    nanoTimes.add(System.nanoTime());
  }

  /** The {@link System#nanoTime} of the next, once it is there. */
  long next() {
    try {
      Long at = nanoTimes.poll(SECONDS, TimeUnit.SECONDS);
      if (at == null) {
        throw new IllegalStateException("nothing came for " + SECONDS + " s");
      }
      return at;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  void clear() {
    nanoTimes.clear();
  }

  /** How many wait to be taken. */
  int waiting() {
    return nanoTimes.size();
  }
}
