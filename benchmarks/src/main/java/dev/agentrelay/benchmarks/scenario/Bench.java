package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.Driver;
import dev.agentrelay.benchmarks.suite.Suite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What every scenario works with.
 *
 * @param warmUpTime how long load runs before anything counts, so that the JIT compilers are done
 * @param window how long one run measures
 */
public record Bench(
    Suite suite, Driver driver, Duration warmUpTime, Duration window, Interference interference) {
  static final int RUNS = 2;

  /** Says on standard error what goes on. */
  void say(String progress) {
    System.err.println("  " + progress);
  }

  void warmUp() {
    say("warming up for " + warmUpTime.toSeconds() + " s");
    pass(warmUpTime);
  }

  /** Does what is to be measured, over and over, until the warm-up is over. */
  void warmUp(Runnable work) {
    say("warming up for " + warmUpTime.toSeconds() + " s");
    long end = System.nanoTime() + warmUpTime.toNanos();
    while (System.nanoTime() < end) {
      work.run();
    }
  }

  /** Runs a measurement as often as the table has columns for it. */
  <T> List<T> runs(Supplier<T> measurement) {
    List<T> results = new ArrayList<>();
    for (int run = 1; run <= RUNS; run++) {
      say("run " + run + " of " + RUNS);
      results.add(measurement.get());
    }
    return results;
  }

  /** Lets load go on for a while. */
  void pass(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
