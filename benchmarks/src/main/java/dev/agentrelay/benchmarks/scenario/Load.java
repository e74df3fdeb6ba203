package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.WatchedSession;
import dev.agentrelay.benchmarks.suite.Replica;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Some sessions, under the same load. */
final class Load implements AutoCloseable {

  private final List<WatchedSession> sessions;

  private Load(List<WatchedSession> sessions) {
    this.sessions = sessions;
  }

  /** Workers come first, so that a gateway spreads workers and viewers evenly over its threads. */
  static Load start(Bench bench, int count, int viewersEach, Replica workers, Replica viewers) {
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
  Spending spending(Bench bench, List<Replica> gateways) {
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
  Histogram latencies(Bench bench, List<Replica> gateways) {
    Histogram histogram = Latencies.histogram();
    measureInto(histogram);
    spending(bench, gateways);
    measureInto(Latencies.histogram());
    return histogram;
  }

  /** Notes the age of the first session's events there from now on. */
  void measureInto(Histogram histogram) {
    sessions.getFirst().measureInto(histogram);
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
