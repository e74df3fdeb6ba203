package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.WatchedSession;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.RelayClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Programs read the logs of sessions from their beginning while these go on. */
public final class EventLog implements Scenario {
  private static final String NAME = "event log, 5 sessions with a reader each";
  private static final int SESSIONS = 5;
  private static final int PAGE = 1_000;
  private static final double LONGEST_BEHIND = 5;

  /** What readers that start at the beginning have to make up for. */
  private static final Duration BEFORE_READERS = Duration.ofSeconds(15);

  /** A program that has all of a log waits before it asks for more. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private static final String NO_MORE = "\"more\":false}";
  private static final Pattern NEXT = Pattern.compile("\"nextCursor\":\"?([^\",}]+)");

  private record Run(double perSecond, double behindSeconds) {}

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica gateway = bench.suite().startGateway("log-gateway");
        Replica service = bench.suite().start("session-service", "log", Map.of())) {
      bench.warmUp(() -> measure(bench, gateway, service, bench.warmUpTime()));
      List<Run> runs = bench.runs(() -> measure(bench, gateway, service, bench.window()));
      return List.of(
          Figure.atLeast(
              NAME, "events/s", runs.stream().map(Run::perSecond).toList(), 5_000 * 0.98, ""),
          Figure.atMost(
              NAME,
              "readers have all, after the last event",
              runs.stream().map(Run::behindSeconds).toList(),
              LONGEST_BEHIND,
              "s"));
    }
  }

  /**
   * Sessions that have gone on for a while get readers, and go on.
   *
   * @param window how long they go on then
   */
  private static Run measure(Bench bench, Replica gateway, Replica service, Duration window) {
    List<WatchedSession> sessions =
        IntStream.range(0, SESSIONS)
            .mapToObj(number -> WatchedSession.start(bench.driver(), gateway.port()))
            .toList();
    sessions.forEach(session -> session.watch(gateway.port(), 1));
    sessions.forEach(session -> session.pace(1));
    AtomicBoolean over = new AtomicBoolean();
    bench.pass(BEFORE_READERS);
    long start = System.nanoTime();
    long before = deliveries(sessions);
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (WatchedSession session : sessions) {
      readers.add(CompletableFuture.runAsync(() -> readAll(bench, service, session, over)));
    }
    bench.pass(window);
    double perSecond = (deliveries(sessions) - before) / ((System.nanoTime() - start) / 1e9);
    sessions.forEach(WatchedSession::rest);
    long end = System.nanoTime();
    over.set(true);
    readers.forEach(CompletableFuture::join);
    double behind = (System.nanoTime() - end) / 1e9;
    sessions.forEach(WatchedSession::close);
    return new Run(perSecond, behind);
  }

  /** Reads on until the load is over and every event of the session was read. */
  private static void readAll(
      Bench bench, Replica service, WatchedSession session, AtomicBoolean over) {
    RelayClient client = new RelayClient(Clients.at(service));
    String cursor = "0";
    long read = 0;
    // the snapshot is in the one and not in the other
    while (!over.get() || read + 1 < session.deliveries()) {
      String page =
          client
              .send(
                  "GET",
                  "/api/sessions/%s/events?after=%s&limit=%d".formatted(session.id(), cursor, PAGE),
                  null)
              .body();
      Matcher next = NEXT.matcher(page);
      if (next.find()) {
        cursor = next.group(1);
      }
      read = Long.parseLong(cursor);
      if (page.endsWith(NO_MORE)) {
        bench.pass(LOOK_AGAIN);
      }
    }
  }

  private static long deliveries(List<WatchedSession> sessions) {
    return sessions.stream().mapToLong(WatchedSession::deliveries).sum();
  }
}
