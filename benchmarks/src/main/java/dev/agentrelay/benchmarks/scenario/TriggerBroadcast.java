package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One broadcast that five hundred sessions wait for, one of which never says that it has it. */
public final class TriggerBroadcast implements Scenario {
  private static final String NAME = "broadcast to 500 sessions, one of them stuck";
  private static final int SESSIONS = 500;

  @Override
  public List<Figure> run(Bench bench) {
    String runnerId = Clients.newId();
    List<RelaySocket> workers = new ArrayList<>();
    try (Replica gateway = bench.suite().startGateway("broadcast-gateway");
        Replica service = bench.suite().start("trigger-service", "broadcast", Map.of());
        RelaySocket runner = Clients.runner(gateway, runnerId)) {
      announce(runner);
      Arrivals arrivals = new Arrivals();
      runner.on(
          "new_session",
          wanted -> {
            String session = Json.requireText(wanted.payload(), "sessionId");
            boolean stuck = workers.isEmpty();
            workers.add(worker(gateway, session, stuck, arrivals));
            runner.emit("session_ready", Json.object("sessionId", session));
          });
      RelayClient atGateway = new RelayClient(Clients.at(gateway));
      RelayClient atService = new RelayClient(Clients.at(service));
      bench.say("starting " + SESSIONS + " sessions");
      for (int i = 0; i < SESSIONS; i++) {
        String session = atGateway.spawn(runnerId, null, null).getString("sessionId");
        workers.getLast().await("registered");
        atService.send(
            "POST",
            "/api/sessions/" + session + "/trigger-subscriptions",
            Json.object("triggerType", "ci:done"));
      }
      byte[] broadcast =
          HttpRequests.json(
              "POST",
              "/api/runners/" + runnerId + "/trigger-broadcast",
              "{\"type\":\"ci:done\",\"payload\":{\"status\":\"ok\"}}");
      HttpLoad one = new HttpLoad(service.port(), 1);
      seconds(one, broadcast, arrivals);
      return List.of(
          Figure.atMost(
              NAME,
              "until the others have it",
              bench.runs(() -> seconds(one, broadcast, arrivals)),
              2,
              "s"));
    } finally {
      workers.forEach(RelaySocket::close);
    }
  }

  private static double seconds(HttpLoad one, byte[] broadcast, Arrivals arrivals) {
    long start = System.nanoTime();
    one.send(1, number -> broadcast).allAnswered(200);
    long last = start;
    for (int i = 1; i < SESSIONS; i++) {
      last = arrivals.next();
    }
    return (last - start) / 1e9;
  }

  private static RelaySocket worker(
      Replica gateway, String session, boolean stuck, Arrivals arrivals) {
    RelaySocket worker =
        new RelaySocket(Clients.at(gateway), "/relay", Clients.workerAuth())
            .on(
                "session_trigger",
                trigger -> {
                  if (!stuck) {
                    arrivals.note();
                    trigger.acknowledge(Json.object("ok", true));
                  }
                });
    worker.on("connect", connected -> Clients.register(worker, session));
    return worker.connect();
  }

  private static void announce(RelaySocket runner) {
    runner.emit(
        "service_announce",
        Json.object(
            "serviceIds",
            Json.array("ci"),
            "triggerDefs",
            Json.array(Json.object("type", "ci:done", "label", "Build done")),
            "sigilDefs",
            Json.array()));
  }
}
