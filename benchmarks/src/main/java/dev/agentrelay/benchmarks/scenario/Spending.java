package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.suite.ProcessUse;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.benchmarks.suite.Suite;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What one window has brought and what it has cost.
 *
 * @param count how many events or deliveries
 * @param foreignCpu what processes used that are no part of the measurement; it spoils figures
 */
record Spending(
    long count, Duration time, Duration gatewayCpu, Duration redisCpu, Duration foreignCpu) {

  /** Measures for the length of one window. */
  static Spending measure(Bench bench, List<Replica> gateways, LongSupplier counter) {
    Reading before = Reading.now(bench.suite(), gateways, counter);
    bench.pass(bench.window());
    Spending spending = Reading.now(bench.suite(), gateways, counter).since(before);
    bench.interference().note((double) spending.foreignCpu.toNanos() / spending.time.toNanos());
    return spending;
  }

  double perSecond() {
    return count / (time.toNanos() / 1e9);
  }

  double gatewayMicros() {
    return micros(gatewayCpu);
  }

  double redisMicros() {
    return micros(redisCpu);
  }

  private double micros(Duration cpu) {
    return cpu.toNanos() / 1e3 / Math.max(1, count);
  }

  private record Reading(
      long count,
      long nanoTime,
      Duration gateways,
      Duration redis,
      Duration others,
      Duration machine) {

    static Reading now(Suite suite, List<Replica> gateways, LongSupplier counter) {
      Duration gatewayCpu = Duration.ZERO;
      for (Replica gateway : gateways) {
        gatewayCpu = gatewayCpu.plus(ProcessUse.cpu(gateway.pid()));
      }
      return new Reading(
          counter.getAsLong(),
          System.nanoTime(),
          gatewayCpu,
          ProcessUse.cpu(suite.redisPid()),
          ProcessUse.cpu(suite.kafkaPid()).plus(ProcessUse.cpu(ProcessHandle.current().pid())),
          ProcessUse.cpuOfMachine());
    }

    Spending since(Reading before) {
      Duration gatewayCpu = gateways.minus(before.gateways);
      Duration redisCpu = redis.minus(before.redis);
      Duration own = gatewayCpu.plus(redisCpu).plus(others.minus(before.others));
      return new Spending(
          count - before.count,
          Duration.ofNanos(nanoTime - before.nanoTime),
          gatewayCpu,
          redisCpu,
          machine.minus(before.machine).minus(own));
    }
  }
}
