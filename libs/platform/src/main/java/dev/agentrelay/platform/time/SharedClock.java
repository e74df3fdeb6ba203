package dev.agentrelay.platform.time;

import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of day that all replicas go by: that of Redis, carried on by a clock that nobody sets.
 * What one replica writes down and another compares, a deadline say, must be of this time, because
 * the clock of a machine may be wrong, or set while the relay runs. Until Redis has answered once
 * it is the machine's own. Thread-safe, never blocks.
 */
@Singleton
@Typed(SharedClock.class)
public class SharedClock implements InstantSource {
  /** An answer that took longer says too little of what time it is now. */
  private static final long LONGEST_WAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final InstantSource own;
  private final LongSupplier steadyNanos;
  private volatile long steadyBehindMillis;

  @Inject
  SharedClock() {
    this(InstantSource.system(), System::nanoTime);
  }

  SharedClock(InstantSource own, LongSupplier steadyNanos) {
    this.own = own;
    this.steadyNanos = steadyNanos;
    this.steadyBehindMillis = own.millis() - steadyMillis(steadyNanos.getAsLong());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return steadyBehindMillis + steadyMillis(steadyNanos.getAsLong());
  }

  /** How far the machine's own clock is ahead of this one; negative when it is behind. */
  Duration ownAhead() {
    return Duration.ofMillis(own.millis() - millis());
  }

  /**
   * Takes over what a question about the time was answered, unless this clock agrees with it as far
   * as can be told.
   *
   * @param askedNanos when it was asked, by {@link System#nanoTime}
   * @param thereMillis what time it was there, in milliseconds since 1970
   */
  void learn(long askedNanos, long thereMillis) {
    long nowNanos = steadyNanos.getAsLong();
    long wayNanos = nowNanos - askedNanos;
    if (wayNanos > LONGEST_WAY_NANOS) {
      return;
    }
    long wayMillis = steadyMillis(wayNanos);
    long steadyNow = steadyMillis(nowNanos);
    long here = steadyBehindMillis + steadyNow;
    if (here < thereMillis - 1 || here > thereMillis + wayMillis + 1) {
      steadyBehindMillis = thereMillis + wayMillis / 2 - steadyNow;
    }
  }

  private static long steadyMillis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
