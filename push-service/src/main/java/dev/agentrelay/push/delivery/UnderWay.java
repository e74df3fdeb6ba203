package dev.agentrelay.push.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how much is under way, in all and to each provider, so that one that hangs leaves room for
 * the others. Thread-safe.
 */
final class UnderWay {
  private final int most;
  private final int mostEach;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<String, Integer> each = new ConcurrentHashMap<>();

  UnderWay(int most, int mostEach) {
    this.most = most;
    this.mostEach = mostEach;
  }

  /** How many more may be taken on. */
  int room() {
    return Math.max(0, most - all.get());
  }

  /** Takes one of a provider's places, if there is one. */
  boolean enter(String provider) {
    boolean[] entered = {false};
    each.compute(
        provider,
        (name, taken) -> {
          int now = taken == null ? 0 : taken;
          entered[0] = now < mostEach;
          return entered[0] ? now + 1 : taken;
        });
    if (entered[0]) {
      all.incrementAndGet();
    }
    return entered[0];
  }

  void leave(String provider) {
    all.decrementAndGet();
    each.computeIfPresent(provider, (name, taken) -> taken == 1 ? null : taken - 1);
  }
}
