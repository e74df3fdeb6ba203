package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Triggers fired at one worker: alone, one after the other, and two hundred a second. */
public final class TriggerDelivery implements Scenario {
  private static final String ALONE = "trigger, REST in to the worker's frame";
  private static final String SUSTAINED = "200 triggers/s";
  private static final int WARM_UP = 3_000;
  private static final int TIMES = 500;
  private static final int PER_SECOND = 200;
  private static final int CONNECTIONS = 16;

  private record Sustained(double lost, double p99Millis) {}

  @Override
  public List<Figure> run(Bench bench) {
    String session = Clients.newId();
    try (Replica gateway = bench.suite().startGateway("trigger-gateway");
        Replica service = bench.suite().start("trigger-service", "trigger", Map.of());
        RelaySocket worker = Clients.worker(gateway, session)) {
      Arrivals arrivals = new Arrivals();
      worker.on(
          "session_trigger",
          trigger -> {
            arrivals.note();
            trigger.acknowledge(Json.object("ok", true));
          });
      byte[] fire =
          HttpRequests.json(
              "POST",
              "/api/sessions/" + session + "/trigger",
              "{\"type\":\"build\",\"payload\":{\"number\":7}}");
      HttpLoad one = new HttpLoad(service.port(), 1);
      alone(one, fire, arrivals, WARM_UP);
      List<Histogram> runs = bench.runs(() -> alone(one, fire, arrivals, TIMES));
      HttpLoad many = new HttpLoad(service.port(), CONNECTIONS);
      List<Sustained> sustained = bench.runs(() -> sustained(bench, many, fire, arrivals));
      return List.of(
          Figure.atMost(ALONE, "p50", millis(runs, 50), 12, "ms"),
          Figure.atMost(ALONE, "p99", millis(runs, 99), 40, "ms"),
          Figure.atMost(
              SUSTAINED,
              "lost or doubled",
              sustained.stream().map(Sustained::lost).toList(),
              0,
              ""),
          Figure.information(
              SUSTAINED,
              "p99 of the answer",
              sustained.stream().map(run -> "%.1f ms".formatted(run.p99Millis)).toList()));
    }
  }

  private static Histogram alone(HttpLoad one, byte[] fire, Arrivals arrivals, int times) {
    Histogram nanos = Latencies.histogram();
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      one.send(1, number -> fire).allAnswered(200);
      nanos.recordValue(arrivals.next() - start);
    }
    return nanos;
  }

  private static Sustained sustained(Bench bench, HttpLoad many, byte[] fire, Arrivals arrivals) {
    long start = System.nanoTime();
    long count = PER_SECOND * bench.window().toSeconds();
    HttpLoad.Result result =
        many.send(
                count,
                number -> {
                  pauseUntil(start + number * TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
                  return fire;
                })
            .allAnswered(200);
    bench.pass(Duration.ofSeconds(1));
    double missing = Math.abs(count - arrivals.waiting());
    arrivals.clear();
    return new Sustained(missing, result.millis(99));
  }

  private static void pauseUntil(long nanoTime) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private static List<Double> millis(List<Histogram> runs, double percentile) {
    return runs.stream().map(run -> run.getValueAtPercentile(percentile) / 1e6).toList();
  }
}
