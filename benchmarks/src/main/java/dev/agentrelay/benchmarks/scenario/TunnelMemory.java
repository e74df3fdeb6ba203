package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.Download;
import dev.agentrelay.benchmarks.driver.TunnelRunner;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Memory;
import dev.agentrelay.benchmarks.suite.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What open tunnels, open streams and a viewer that stands still cost the service in memory. */
final class TunnelMemory {
  private static final int STREAMS = 200;
  private static final long DOWNLOAD_BYTES = 1L << 30;
  private static final long READ_BEFORE = 8L << 20;
  private static final Duration STANDSTILL = Duration.ofSeconds(60);
  private static final Duration GLANCE = Duration.ofSeconds(2);
  private static final Duration REST = Duration.ofSeconds(1);

  private TunnelMemory() {}

  static List<Figure> measure(Bench bench, Tunnels.App app) {
    return List.of(idle(bench, app), streams(bench, app), standstill(bench, app));
  }

  private static Figure idle(Bench bench, Tunnels.App app) {
    bench.say("warming up with as many tunnels");
    openTunnels(app).forEach(TunnelRunner::close);
    return Figure.atMost(
        Tunnels.TUNNELS + " idle tunnels",
        "memory each",
        bench.runs(
            () -> {
              Memory before = settled(bench, app.service());
              List<TunnelRunner> open = openTunnels(app);
              double more = settled(bench, app.service()).growthSince(before);
              open.forEach(TunnelRunner::close);
              return more / Tunnels.TUNNELS / 1024;
            }),
        100,
        "KiB");
  }

  private static List<TunnelRunner> openTunnels(Tunnels.App app) {
    List<TunnelRunner> open = new ArrayList<>();
    for (int number = 1; number <= Tunnels.TUNNELS; number++) {
      open.add(app.connect(number));
    }
    return open;
  }

  private static Figure streams(Bench bench, Tunnels.App app) {
    bench.say("warming up with as many event streams");
    openStreams(app).forEach(Download::close);
    return Figure.atMost(
        STREAMS + " open event streams through a tunnel",
        "memory each",
        bench.runs(
            () -> {
              Memory before = settled(bench, app.service());
              List<Download> open = openStreams(app);
              double more = settled(bench, app.service()).growthSince(before);
              open.forEach(Download::close);
              return more / STREAMS / 1024;
            }),
        100,
        "KiB");
  }

  private static List<Download> openStreams(Tunnels.App app) {
    List<Download> open = new ArrayList<>();
    for (int number = 0; number < STREAMS; number++) {
      open.add(new Download(app.service().port(), app.get("/events"), new byte[0]));
    }
    return open;
  }

  private static Memory settled(Bench bench, Replica service) {
    bench.pass(REST);
    return service.memory();
  }

  private static Figure standstill(Bench bench, Tunnels.App app) {
    return Figure.atMost(
        "1 GiB to a viewer that reads nothing for 60 s, then all, every byte right",
        "memory that the service takes more",
        bench.runs(
            () -> {
              Memory before = settled(bench, app.service());
              byte[] request = app.get("/random/" + DOWNLOAD_BYTES / TunnelRunner.PIECE_BYTES);
              long most = 0;
              try (Download download =
                  new Download(app.service().port(), request, Tunnels.random())) {
                download.readUpTo(READ_BEFORE);
                long end = System.nanoTime() + STANDSTILL.toNanos();
                while (System.nanoTime() < end) {
                  bench.pass(GLANCE);
                  most = Math.max(most, app.service().memory().growthSince(before));
                }
                // its heap is full of the last moment's garbage while bytes flow
                for (long part = 1; part <= 64; part++) {
                  download.readUpTo(DOWNLOAD_BYTES / 64 * part);
                  most = Math.max(most, app.service().memory().residentGrowthSince(before));
                }
              }
              return most / (double) (1 << 20);
            }),
        32,
        "MiB");
  }
}
