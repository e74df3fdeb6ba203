package dev.agentrelay.benchmarks.driver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Somebody who watches one session (sockets.md 4.6). Confined to the driver's thread. */
final class Viewer implements Connection.Client {
  private static final byte[] CONNECTED_PREFIX = Digits.ascii("42/viewer,[\"connected\",");

  private final Progress progress;
  private final Promise<Viewer> ready = Promise.promise();
  private @Nullable Connection connection;
  private @Nullable Histogram latencies;
  private long seen;
  private boolean progressed;
  private @Nullable String trouble;

  /** What the viewers of a session have seen together. */
  interface Progress {
    void seen();

    void readEnd();
  }

  private Viewer(Progress progress) {
    this.progress = progress;
  }

  /** Looks at the session; done once its live events come here. */
  static Future<Viewer> open(Driver driver, int port, String session, Progress progress) {
    Viewer viewer = new Viewer(progress);
    return Connection.open(driver, port, "/viewer", viewer)
        .compose(
            connection -> {
              viewer.connection = connection;
              connection.emit(
                  "switch_session", "{\"sessionId\":\"" + session + "\",\"generation\":1}");
              return viewer.ready.future();
            });
  }

  /** Notes from now on how old each event is, in nanoseconds; null stops it. */
  void measureInto(@Nullable Histogram histogram) {
    latencies = histogram;
  }

  /** How many live events have come. */
  long seen() {
    return seen;
  }

  @Nullable String trouble() {
    return trouble;
  }

  void close() {
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  public void onEvent(byte[] array, int offset, int length) {
    if (Digits.startsWith(array, offset, length, EventFrame.SEEN_PREFIX)) {
      Histogram histogram = latencies;
      if (histogram != null) {
        long stamp = Digits.after(EventFrame.SEEN_PREFIX, array, offset, length);
        histogram.recordValue(Math.max(0, System.nanoTime() - stamp));
      }
      seen++;
      progress.seen();
      progressed = true;
    } else if (Digits.startsWith(array, offset, length, CONNECTED_PREFIX)) {
      if (connection != null) {
        connection.emit("connected", "{}");
      }
      ready.tryComplete(this);
    }
  }

  @Override
  public void onReadEnd() {
    if (progressed) {
      progressed = false;
      progress.readEnd();
    }
  }

  @Override
  public void onLost(String why) {
    trouble = "A viewer lost its socket: " + why;
    ready.tryFail(new DriverException(trouble));
  }
}
