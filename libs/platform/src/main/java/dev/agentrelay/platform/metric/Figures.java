package dev.agentrelay.platform.metric;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what this process has measured of itself. Thread-safe. */
@Singleton
public class Figures {
  private final MeterRegistry registry;

  Figures(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Every metric of the relay at this moment. Requests are told as one sum: their routes are too
   * many for a glance.
   */
  public List<Figure> read() {
    return Stream.of(Metric.values()).flatMap(this::read).toList();
  }

  private Stream<Figure> read(Metric metric) {
    Stream<Figure> each =
        registry.find(metric.meterName()).meters().stream().flatMap(meter -> of(metric, meter));
    return metric == Metric.REQUESTS ? summed(each) : each;
  }

  private static Stream<Figure> of(Metric metric, Meter meter) {
    List<String> names = metric.seriesNames();
    Map<String, String> tags = new TreeMap<>();
    for (Tag tag : meter.getId().getTagsAsIterable()) {
      tags.put(tag.getKey(), tag.getValue());
    }
    return switch (meter) {
      case Timer timer ->
          Stream.of(
              new Figure(names.get(0), tags, timer.count()),
              new Figure(names.get(1), tags, timer.totalTime(TimeUnit.SECONDS)));
      case Gauge gauge -> Stream.of(new Figure(names.getFirst(), tags, gauge.value()));
      case FunctionCounter counter ->
          Stream.of(new Figure(names.getFirst(), tags, counter.count()));
      case io.micrometer.core.instrument.Counter counter ->
          Stream.of(new Figure(names.getFirst(), tags, counter.count()));
      default -> Stream.empty();
    };
  }

  private static Stream<Figure> summed(Stream<Figure> each) {
    return each
        .collect(
            Collectors.groupingBy(
                Figure::name, TreeMap::new, Collectors.summingDouble(Figure::value)))
        .entrySet()
        .stream()
        .map(sum -> new Figure(sum.getKey(), Map.of(), sum.getValue()));
  }
}
