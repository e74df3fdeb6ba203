package dev.agentrelay.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long two calls take, each in turn, so that a busy machine slows both.
 *
 * @param one the median of the first
 * @param other the median of the second
 * @param longer of all pairs, the share in which the first took longer: 0.5 when time tells nothing
 *     apart, with a standard deviation of 0.1 for that many rounds, and 1 when one of them does
 *     without its hash
 */
public record PairedTimes(Duration one, Duration other, double longer) {
  private static final int ROUNDS = 16;

  /** Measures after one call of each that does not count. */
  public static PairedTimes measure(Runnable one, Runnable other) {
    one.run();
    other.run();
    List<Duration> ofOne = new ArrayList<>();
    List<Duration> ofOther = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      ofOne.add(timed(one));
      ofOther.add(timed(other));
    }
    long longer =
        ofOne.stream()
            .mapToLong(time -> ofOther.stream().filter(each -> time.compareTo(each) > 0).count())
            .sum();
    Collections.sort(ofOne);
    Collections.sort(ofOther);
    return new PairedTimes(
        ofOne.get(ROUNDS / 2), ofOther.get(ROUNDS / 2), (double) longer / (ROUNDS * ROUNDS));
  }

  private static Duration timed(Runnable call) {
    long began = System.nanoTime();
    call.run();
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
