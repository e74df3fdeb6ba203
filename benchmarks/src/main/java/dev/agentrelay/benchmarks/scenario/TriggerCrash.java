package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.RelayClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Two hundred triggers a second at two workers, and the gateway of one of them is killed. */
public final class TriggerCrash implements Scenario {
  private static final String NAME = "200 triggers/s, one of two gateways killed";
  private static final int PER_SECOND = 200;
  private static final int WARM_UP = 2_000;

  /** What a worker has not acknowledged is told again after 5 and after another 20 s. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(30);

  private record Outcome(
      double lost, double doubled, int accepted, int repeats, int dropped, double slowestSeconds) {}

  @Override
  public List<Figure> run(Bench bench) {
    try (Replica service = bench.suite().start("trigger-service", "crash", Map.of());
        Replica survivor = bench.suite().startGateway("crash-survivor")) {
      RelayClient client = new RelayClient(Clients.at(service));
      List<Outcome> runs = new ArrayList<>();
      for (int run = 1; run <= Bench.RUNS; run++) {
        bench.say("run " + run + " of " + Bench.RUNS);
        runs.add(run(bench, client, survivor, "crash-victim-" + run));
      }
      return List.of(
          Figure.atMost(NAME, "lost", runs.stream().map(Outcome::lost).toList(), 0, ""),
          Figure.atMost(NAME, "doubled", runs.stream().map(Outcome::doubled).toList(), 0, ""),
          information("accepted", runs, run -> "%,d".formatted(run.accepted())),
          information("answers that asked to repeat", runs, run -> "%,d".formatted(run.repeats())),
          information("told again under their own id", runs, run -> "%,d".formatted(run.dropped())),
          information(
              "slowest until accepted", runs, run -> "%.1f s".formatted(run.slowestSeconds())));
    }
  }

  private static Outcome run(Bench bench, RelayClient client, Replica survivor, String name) {
    try (Replica victim = bench.suite().startGateway(name);
        MovingWorker moving = new MovingWorker(victim, survivor);
        MovingWorker staying = new MovingWorker(survivor, survivor)) {
      List<String> sessions = List.of(moving.session(), staying.session());
      new NumberedTriggers(client, sessions, "warm-up").fire(WARM_UP, PER_SECOND);
      Set<String> before = new HashSet<>(moving.told().keySet());
      before.addAll(staying.told().keySet());
      NumberedTriggers triggers = new NumberedTriggers(client, sessions, name);
      Thread killer =
          Thread.startVirtualThread(
              () -> {
                bench.pass(bench.window().dividedBy(2));
                victim.kill();
              });
      triggers.fire(Math.toIntExact(PER_SECOND * bench.window().toSeconds()), PER_SECOND);
      join(killer);
      bench.pass(AFTERWARDS);
      return outcome(triggers, List.of(moving, staying), before);
    }
  }

  private static Outcome outcome(
      NumberedTriggers triggers, List<MovingWorker> workers, Set<String> before) {
    Set<Integer> told = new HashSet<>();
    double doubled = 0;
    int dropped = 0;
    for (MovingWorker worker : workers) {
      dropped += worker.dropped();
      for (Map.Entry<String, Integer> trigger : worker.told().entrySet()) {
        if (!before.contains(trigger.getKey()) && !told.add(trigger.getValue())) {
          doubled++;
        }
      }
    }
    Set<Integer> lost = new HashSet<>(triggers.accepted());
    lost.removeAll(told);
    return new Outcome(
        lost.size(),
        doubled,
        triggers.accepted().size(),
        triggers.repeats(),
        dropped,
        triggers.slowestSeconds());
  }

  private static Figure information(
      String measure, List<Outcome> runs, Function<Outcome, String> shown) {
    return Figure.information(NAME, measure, runs.stream().map(shown).toList());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
