package dev.agentrelay.benchmarks.driver;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/**
 * Many kept-alive connections, each of which sends its next request when the last was answered: a
 * closed loop, as a pool of clients makes it.
 */
public final class HttpLoad {
  private static final long HIGHEST_NANOS = 120_000_000_000L;
  private static final int DIGITS = 3;

  private final int port;
  private final int connections;

  /**
   * @param connections at work at the same time
   */
  public HttpLoad(int port, int connections) {
    this.port = port;
    this.connections = connections;
  }

  /**
   * What came of it.
   *
   * @param statuses how often each status came
   */
  public record Result(long count, Duration time, Histogram nanos, Map<Integer, Long> statuses) {
    public double perSecond() {
      return count / (time.toNanos() / 1e9);
    }

    public double millis(double percentile) {
      return nanos.getValueAtPercentile(percentile) / 1e6;
    }

    /**
     * Makes sure that nothing else was answered.
     *
     * @throws DriverException when something was
     */
    public Result allAnswered(int status) {
      if (statuses.size() != 1 || !statuses.containsKey(status)) {
        throw new DriverException("answers were " + statuses + ", not all " + status);
      }
      return this;
    }
  }

  /** Sends requests for a time; {@code requests} gives the bytes of each by its number. */
  public Result runFor(Duration time, LongFunction<byte[]> requests) {
    return run(Long.MAX_VALUE, System.nanoTime() + time.toNanos(), requests);
  }

  /** Sends so many requests, as fast as they are answered. */
  public Result send(long count, LongFunction<byte[]> requests) {
    return run(count, Long.MAX_VALUE, requests);
  }

  private Result run(long count, long until, LongFunction<byte[]> requests) {
    AtomicLong next = new AtomicLong();
    long start = System.nanoTime();
    List<Future<Tally>> lanes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int lane = 0; lane < connections; lane++) {
        lanes.add(threads.submit(() -> lane(next, count, until, requests)));
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Tally total = new Tally();
    lanes.forEach(lane -> total.add(result(lane)));
    return new Result(total.nanos.getTotalCount(), took, total.nanos, total.statuses);
  }

  private Tally lane(AtomicLong next, long count, long until, LongFunction<byte[]> requests)
      throws IOException {
    Tally tally = new Tally();
    try (HttpConnection connection = new HttpConnection(port)) {
      for (long number = next.getAndIncrement();
          number < count && System.nanoTime() < until;
          number = next.getAndIncrement()) {
        byte[] request = requests.apply(number);
        long start = System.nanoTime();
        int status = connection.exchange(request);
        tally.nanos.recordValue(System.nanoTime() - start);
        tally.statuses.merge(status, 1L, Long::sum);
      }
    }
    return tally;
  }

  private static Tally result(Future<Tally> lane) {
    try {
      return lane.get();
    } catch (ExecutionException failure) {
      throw new DriverException("a request failed: " + failure.getCause(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DriverException("interrupted", interrupted);
    }
  }

  private static final class Tally {
    private final Histogram nanos = new Histogram(HIGHEST_NANOS, DIGITS);
    private final Map<Integer, Long> statuses = new TreeMap<>();

    void add(Tally other) {
      nanos.add(other.nanos);
      other.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum));
    }
  }
}
