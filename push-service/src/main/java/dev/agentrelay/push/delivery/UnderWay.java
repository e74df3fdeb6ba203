package dev.agentrelay.push.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is under way, in all and to each provider. Thread-safe. */
final class UnderWay {
  private final AtomicInteger all = new AtomicInteger();
  private final Map<String, Integer> each = new ConcurrentHashMap<>();

  int all() {
    return all.get();
  }

  /** How many go to each provider; a copy. */
  Map<String, Integer> each() {
    return Map.copyOf(each);
  }

  void enter(String provider) {
    all.incrementAndGet();
    each.merge(provider, 1, Integer::sum);
  }

  void leave(String provider) {
    all.decrementAndGet();
    each.computeIfPresent(provider, (name, taken) -> taken == 1 ? null : taken - 1);
  }
}
