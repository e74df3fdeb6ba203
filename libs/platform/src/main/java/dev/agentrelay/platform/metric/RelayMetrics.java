package dev.agentrelay.platform.metric;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Makes the meters of a service. Gauges and counters are read when somebody asks for them, so what
 * is measured pays at most for an addition. Thread-safe.
 */
@Singleton
public class RelayMetrics {
  private static final Duration[] BOUNDARIES = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;

  /** The registry itself holds what it reads only weakly. */
  private final Queue<LongSupplier> held = new ConcurrentLinkedQueue<>();

  public RelayMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Shows a value of the moment.
   *
   * @param tagValues one for each of the metric's tags
   */
  public void gauge(Metric metric, LongSupplier value, String... tagValues) {
    Gauge.builder(metric.meterName(), value::getAsLong)
        .description(metric.meaning())
        .tags(tags(metric, tagValues))
        .register(registry);
  }

  /** Shows a count that somebody keeps. */
  public void counter(Metric metric, LongSupplier count, String... tagValues) {
    held.add(count);
    FunctionCounter.builder(metric.meterName(), count, LongSupplier::getAsLong)
        .description(metric.meaning())
        .tags(tags(metric, tagValues))
        .register(registry);
  }

  /**
   * A count to be kept; cheap for any number of threads. Ask for it once, not for each addition.
   */
  public LongAdder counter(Metric metric, String... tagValues) {
    LongAdder count = new LongAdder();
    counter(metric, count::sum, tagValues);
    return count;
  }

  /** Counts one more of something that is rare enough to be looked up. */
  public void count(Metric metric, String... tagValues) {
    registry.counter(metric.meterName(), tags(metric, tagValues)).increment();
  }

  /** Measures times; the same meter for the same tags. */
  public Timer timer(Metric metric, String... tagValues) {
    return Timer.builder(metric.meterName())
        .description(metric.meaning())
        .tags(tags(metric, tagValues))
        .serviceLevelObjectives(BOUNDARIES)
        .register(registry);
  }

  /** Shows how full something with a bound is. */
  public void bound(Bound bound, LongSupplier used, long limit) {
    gauge(Metric.BOUND_USED, used, bound.tag());
    gauge(Metric.BOUND_LIMIT, () -> limit, bound.tag());
  }

  private static Tags tags(Metric metric, String... values) {
    if (values.length != metric.tags().size()) {
      throw new IllegalArgumentException(metric + " has the tags " + metric.tags());
    }
    Tags tags = Tags.empty();
    for (int each = 0; each < values.length; each++) {
      tags = tags.and(metric.tags().get(each), values[each]);
    }
    return tags;
  }
}
