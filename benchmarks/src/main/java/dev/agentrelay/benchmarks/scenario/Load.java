package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.WatchedSession;
import dev.agentrelay.benchmarks.suite.Gateway;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Some sessions, under the same load. */
final class Load implements AutoCloseable {
  private static final long HIGHEST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int DIGITS = 3;

  private final List<WatchedSession> sessions;

  private Load(List<WatchedSession> sessions) {
    this.sessions = sessions;
  }

  /** Workers come first, so that a gateway spreads workers and viewers evenly over its threads. */
  static Load start(Bench bench, int count, int viewersEach, Gateway workers, Gateway viewers) {
    List<WatchedSession> sessions =
        IntStream.range(0, count)
            .mapToObj(session -> WatchedSession.start(bench.driver(), workers.port()))
            .toList();
    sessions.forEach(session -> session.watch(viewers.port(), viewersEach));
    return new Load(sessions);
  }

  Load saturate(int eventsUnderWay) {
    sessions.forEach(session -> session.saturate(eventsUnderWay));
    return this;
  }

  /** Measures what happens to the load as it is. */
  Spending spending(Bench bench, List<Gateway> gateways) {
    Spending spending =
        Spending.measure(
            bench, gateways, () -> sessions.stream().mapToLong(WatchedSession::deliveries).sum());
    sessions.forEach(WatchedSession::check);
    if (spending.count() == 0) {
      throw new IllegalStateException(
          "events stand still: "
              + sessions.stream().map(WatchedSession::state).collect(Collectors.joining("; ")));
    }
    return spending;
  }

  /** How long events of the first session take to its viewer. */
  Histogram latencies(Bench bench, List<Gateway> gateways) {
    Histogram histogram = new Histogram(HIGHEST_NANOS, DIGITS);
    histogram.setAutoResize(true);
    Histogram nobody = new Histogram(HIGHEST_NANOS, DIGITS);
    WatchedSession session = sessions.getFirst();
    session.measureInto(histogram);
    spending(bench, gateways);
    session.measureInto(nobody);
    return histogram;
  }

  Load pace(int millis) {
    sessions.forEach(session -> session.pace(millis));
    return this;
  }

  @Override
  public void close() {
    sessions.forEach(WatchedSession::close);
  }
}
