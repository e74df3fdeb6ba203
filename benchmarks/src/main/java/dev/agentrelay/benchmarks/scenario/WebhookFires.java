package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.HttpLoad;
import dev.agentrelay.benchmarks.driver.HttpRequests;
import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.json.JSONObject;

/** Requests of senders: refused, put off until the runner is back, and fired for real. */
public final class WebhookFires implements Scenario {
  private static final String REFUSED = "webhook with a wrong signature, 16 connections";
  private static final String QUEUED = "webhook accepted for a runner that is away";
  private static final String FIRED = "webhook that starts an agent, worker after 200 ms";
  private static final Map<String, String> SETTINGS =
      Map.of("RELAY_WEBHOOK_QUEUE_CAPACITY", "10000");
  private static final int CONNECTIONS = 16;
  private static final int QUEUED_FIRES = 300;
  private static final int FIRES = 20;
  private static final long WORKER_MILLIS = 200;

  @Override
  public List<Figure> run(Bench bench) {
    String runnerId = Clients.newId();
    try (Replica gateway = bench.suite().startGateway("webhook-gateway");
        Replica service = bench.suite().start("webhook-service", "webhook", SETTINGS)) {
      RelayClient client = new RelayClient(Clients.at(service));
      List<HttpLoad.Result> refused;
      List<Double> queued;
      List<Double> fired;
      byte[] later;
      try (RelaySocket runner = Clients.runner(gateway, runnerId)) {
        runner.on("new_session", wanted -> fork(gateway, runner, wanted.payload()));
        byte[] good = fire(client, runnerId, "reject", true);
        byte[] bad = fire(client, runnerId, "reject", false);
        HttpLoad many = new HttpLoad(service.port(), CONNECTIONS);
        bench.say("warming up");
        many.runFor(bench.warmUpTime(), number -> bad);
        refused = bench.runs(() -> many.runFor(bench.window(), number -> bad).allAnswered(401));
        HttpLoad one = new HttpLoad(service.port(), 1);
        one.send(FIRES, number -> good).allAnswered(200);
        fired = bench.runs(() -> one.send(FIRES, number -> good).allAnswered(200).millis(50));
        later = fire(client, runnerId, "queue", true);
      }
      HttpLoad one = new HttpLoad(service.port(), 1);
      one.send(3 * QUEUED_FIRES, number -> later);
      queued =
          bench.runs(() -> one.send(QUEUED_FIRES, number -> later).allAnswered(202).millis(99));
      return List.of(
          Figure.atLeast(
              REFUSED,
              "requests/s",
              refused.stream().map(HttpLoad.Result::perSecond).toList(),
              2_000,
              ""),
          Figure.atMost(
              REFUSED, "p99", refused.stream().map(run -> run.millis(99)).toList(), 20, "ms"),
          Figure.atMost(QUEUED, "p99", queued, 25, "ms"),
          Figure.atMost(FIRED, "p50", fired, 300, "ms"));
    }
  }

  /** Says at once that the session is ready; its worker comes a little later. */
  private static void fork(Replica gateway, RelaySocket runner, JSONObject wanted) {
    String session = Json.requireText(wanted, "sessionId");
    runner.emit("session_ready", Json.object("sessionId", session));
    CompletableFuture.delayedExecutor(WORKER_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> Clients.worker(gateway, session));
  }

  private static byte[] fire(
      RelayClient client, String runnerId, String whenOffline, boolean signed) {
    JSONObject request =
        Json.object("name", "ci", "source", "ci", "runnerId", runnerId, "whenOffline", whenOffline);
    JSONObject webhook =
        Json.objectAt(Json.parse(client.send("POST", "/api/webhooks", request).body()), "webhook");
    String body = "{\"type\":\"push\",\"branch\":\"main\"}";
    String signature = signature(webhook.getString("secret"), signed ? body : "another");
    return HttpRequests.request(
        "POST",
        "/api/webhooks/" + webhook.getString("id") + "/fire",
        Map.of("Content-Type", "application/json", "X-Webhook-Signature", signature),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String signature(String secret, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
