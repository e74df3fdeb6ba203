package dev.agentrelay.benchmarks.driver;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** A worker and those who watch it, under load. For any thread but the driver's. */
public final class WatchedSession {
  private final Driver driver;
  private final String id = UUID.randomUUID().toString();
  private final List<Viewer> viewers = new ArrayList<>();
  private final Worker worker;
  private long deliveries;
  private int window;
  private long pace = -1;

  private WatchedSession(Driver driver, int port) {
    this.driver = driver;
    this.worker = driver.await(() -> Worker.register(driver, port, id, this::keepWindowFull));
  }

  /** Registers a worker at the gateway on this port. */
  public static WatchedSession start(Driver driver, int port) {
    return new WatchedSession(driver, port);
  }

  public String id() {
    return id;
  }

  /** Adds viewers at the gateway on this port; before there is load. */
  public void watch(int port, int count) {
    Viewer.Progress progress =
        new Viewer.Progress() {
          @Override
          public void seen() {
            deliveries++;
          }

          @Override
          public void readEnd() {
            keepWindowFull();
          }
        };
    for (int i = 0; i < count; i++) {
      viewers.add(driver.await(() -> Viewer.open(driver, port, id, progress)));
    }
  }

  /**
   * Keeps so many events under way from now on: sent, but not yet acknowledged and seen by all
   * viewers. Waiting for the viewers too keeps an overload from ending as cut connections.
   */
  public void saturate(int events) {
    run(
        () -> {
          stopPace();
          window = events;
          keepWindowFull();
        });
  }

  /** Sends one event each so many milliseconds from now on. */
  public void pace(int millis) {
    run(
        () -> {
          stopPace();
          window = 0;
          pace = driver.vertx().setPeriodic(millis, timer -> worker.send(1));
        });
  }

  /** Stops sending. */
  public void rest() {
    run(
        () -> {
          stopPace();
          window = 0;
        });
  }

  /** Notes the age of events as the first viewer sees them, into this histogram. */
  public void measureInto(Histogram histogram) {
    run(() -> viewers.getFirst().measureInto(histogram));
  }

  /** How often an event was seen, by whatever viewer. */
  public long deliveries() {
    return driver.ask(() -> deliveries);
  }

  /** Where the session stands, for whoever has to find out why it stands still. */
  public String state() {
    return driver.ask(
        () -> {
          var seen = viewers.stream().mapToLong(Viewer::seen).summaryStatistics();
          return "%d sent, %d acknowledged, %d to %d seen by each of %d viewers"
              .formatted(
                  worker.sent(),
                  worker.acknowledged(),
                  seen.getMin(),
                  seen.getMax(),
                  seen.getCount());
        });
  }

  /**
   * Makes sure that nobody was cut off.
   *
   * @throws DriverException when somebody was
   */
  public void check() {
    Stream.concat(
            Stream.of(driver.ask(() -> String.valueOf(worker.trouble()))),
            viewers.stream().map(viewer -> driver.ask(() -> String.valueOf(viewer.trouble()))))
        .filter(trouble -> !Objects.equals(trouble, "null"))
        .findFirst()
        .ifPresent(
            trouble -> {
              throw new DriverException(trouble);
            });
  }

  public void close() {
    run(
        () -> {
          stopPace();
          window = 0;
          viewers.forEach(Viewer::close);
          worker.close();
        });
  }

  private void keepWindowFull() {
    if (window == 0) {
      return;
    }
    // the first number was taken by the snapshot
    long seen = viewers.isEmpty() ? worker.acknowledged() : 1 + deliveries / viewers.size();
    long done = Math.min(worker.acknowledged(), seen);
    int room = (int) (window - (worker.sent() - done));
    if (room > 0) {
      worker.send(room);
    }
  }

  private void stopPace() {
    if (pace >= 0) {
      driver.vertx().cancelTimer(pace);
      pace = -1;
    }
  }

  private void run(Runnable task) {
    driver.await(
        () -> {
          task.run();
          return Future.succeededFuture();
        });
  }
}
