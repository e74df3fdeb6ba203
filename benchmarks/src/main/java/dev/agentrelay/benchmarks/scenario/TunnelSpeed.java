package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.Driver;
import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.driver.TunnelRunner;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.ProcessUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** How fast bytes and small answers go through a tunnel, and what they cost the service. */
final class TunnelSpeed {
  private static final String SMALL = "small GET through a tunnel";
  private static final int MEBIBYTES = 256;
  private static final int PIECES_PER_MEBIBYTE = (1 << 20) / TunnelRunner.PIECE_BYTES;
  private static final int UPLOAD_BYTES = 8 << 20;
  private static final int UPLOADS = 20;
  private static final int AT_ONCE = 16;

  private record Transfer(double cpuMillis, double perSecond) {}

  private TunnelSpeed() {}

  static List<Figure> measure(Bench bench, Tunnels.App app) {
    List<Figure> figures = new ArrayList<>();
    figures.addAll(downloads(bench, app, "random", 5));
    figures.addAll(downloads(bench, app, "text", 2));
    figures.addAll(requests(bench, app));
    figures.add(uploads(bench, app));
    return figures;
  }

  private static List<Figure> downloads(Bench bench, Tunnels.App app, String kind, double bar) {
    String name = "download of " + MEBIBYTES + " MiB of " + kind + " bytes through a tunnel";
    byte[] request = app.get("/" + kind + "/" + MEBIBYTES * PIECES_PER_MEBIBYTE);
    HttpLoad one = new HttpLoad(app.service().port(), 1);
    bench.say("warming up with " + kind + " bytes");
    one.runFor(bench.warmUpTime(), number -> request);
    List<Transfer> runs = bench.runs(() -> download(app, one, request));
    return List.of(
        Figure.atMost(
            name,
            "CPU of the service per MiB",
            runs.stream().map(Transfer::cpuMillis).toList(),
            bar,
            "ms"),
        Figure.information(
            name,
            "speed",
            runs.stream().map(run -> "%.0f MiB/s".formatted(run.perSecond())).toList()));
  }

  private static Transfer download(Tunnels.App app, HttpLoad one, byte[] request) {
    Duration before = ProcessUse.cpu(app.service().pid());
    double perSecond = one.send(1, number -> request).allAnswered(200).perSecond();
    Duration cpu = ProcessUse.cpu(app.service().pid()).minus(before);
    return new Transfer(cpu.toNanos() / 1e6 / MEBIBYTES, perSecond * MEBIBYTES);
  }

  private static List<Figure> requests(Bench bench, Tunnels.App app) {
    byte[] request = app.get("/small");
    HttpLoad one = new HttpLoad(app.service().port(), 1);
    HttpLoad many = new HttpLoad(app.service().port(), AT_ONCE);
    bench.say("warming up with small requests");
    many.runFor(bench.warmUpTime(), number -> request);
    List<HttpLoad.Result> single =
        bench.runs(() -> one.runFor(bench.window(), number -> request).allAnswered(200));
    List<HttpLoad.Result> crowd =
        bench.runs(() -> many.runFor(bench.window(), number -> request).allAnswered(200));
    return List.of(
        Figure.atMost(
            SMALL + ", one after the other",
            "p50",
            single.stream().map(run -> run.millis(50)).toList(),
            4,
            "ms"),
        Figure.atLeast(
            SMALL + ", " + AT_ONCE + " at once",
            "requests/s",
            crowd.stream().map(HttpLoad.Result::perSecond).toList(),
            1_500,
            ""));
  }

  private static Figure uploads(Bench bench, Tunnels.App app) {
    byte[] body = new byte[UPLOAD_BYTES];
    new Random(8).nextBytes(body);
    byte[] request =
        HttpRequests.request(
            "POST", app.address("/small"), Map.of("x-api-key", Driver.API_KEY), body);
    HttpLoad one = new HttpLoad(app.service().port(), 1);
    bench.say("warming up with uploads");
    one.runFor(bench.warmUpTime(), number -> request);
    return Figure.atLeast(
        "upload of 8 MiB through a tunnel",
        "speed",
        bench.runs(
            () ->
                one.send(UPLOADS, number -> request).allAnswered(200).perSecond()
                    * UPLOAD_BYTES
                    / 1e6),
        50,
        "MB/s");
  }
}
