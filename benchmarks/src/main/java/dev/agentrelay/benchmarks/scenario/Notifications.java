package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.push.BrowserKeys;
import dev.agentrelay.testkit.push.ScriptedPushProvider;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;

/** An agent asks; the person's browsers are told by way of their push provider. */
public final class Notifications implements Scenario {
  private static final String ONE = "question asked to request at the provider";
  private static final String MANY = "1,000 subscriptions, one event, one of them hanging";
  private static final int WARM_UP = 400;
  private static final int QUESTIONS = 50;
  private static final int SUBSCRIPTIONS = 1_000;

  @Override
  public List<Figure> run(Bench bench) {
    String session = Clients.newId();
    try (ScriptedPushProvider provider = ScriptedPushProvider.start();
        Replica gateway = bench.suite().startGateway("push-gateway");
        Replica service = bench.suite().start("push-service", "push", settings(provider));
        RelaySocket worker = Clients.worker(gateway, session)) {
      Agent agent = new Agent(worker, session);
      RelayClient client = new RelayClient(Clients.at(service));
      BrowserKeys keys = BrowserKeys.generate();
      subscribe(client, provider.endpoint("one"), keys);
      ask(agent, provider, WARM_UP, 1);
      List<Double> one =
          bench.runs(() -> ask(agent, provider, QUESTIONS, 1).getValueAtPercentile(50) / 1e6);
      provider.script("hangs", ScriptedPushProvider.Reply::hang);
      subscribe(client, provider.endpoint("hangs"), keys);
      for (int i = 2; i < SUBSCRIPTIONS; i++) {
        subscribe(client, provider.endpoint("device-" + i), keys);
      }
      bench.warmUp(() -> ask(agent, provider, 1, SUBSCRIPTIONS));
      List<Double> many =
          bench.runs(() -> ask(agent, provider, 1, SUBSCRIPTIONS).getMaxValue() / 1e9);
      return List.of(
          Figure.atMost(ONE, "p50", one, 50, "ms"),
          Figure.atMost(MANY, "until the last has its request", many, 5, "s"));
    }
  }

  private static Map<String, String> settings(ScriptedPushProvider provider) {
    return Map.of(
        "RELAY_PUSH_PROVIDER_PRIVATE_HOSTS",
        "localhost",
        "RELAY_PUSH_PROVIDER_CERTIFICATES",
        provider.certificate().toString());
  }

  private static void subscribe(RelayClient client, String endpoint, BrowserKeys keys) {
    client.send(
        "POST",
        "/api/push/subscribe",
        Json.object(
            "endpoint",
            endpoint,
            "keys",
            Json.object("p256dh", keys.p256dh(), "auth", keys.auth())));
  }

  /** Asks so often, and notes how long the last of the notifications of each took. */
  private static Histogram ask(
      Agent agent, ScriptedPushProvider provider, int times, int notifications) {
    Histogram nanos = Latencies.histogram();
    for (int i = 0; i < times; i++) {
      long mark = provider.inbox().mark();
      long start = System.nanoTime();
      agent.ask();
      provider.inbox().awaitCount(mark + notifications, Clients.LIMIT);
      nanos.recordValue(System.nanoTime() - start);
      agent.resolve();
    }
    return nanos;
  }

  /** The worker's side of a question. */
  private static final class Agent {
    private final RelaySocket worker;
    private final String session;
    private final String token;
    private long seq;

    Agent(RelaySocket worker, String session) {
      this.worker = worker;
      this.session = session;
      this.token = Json.requireText(worker.await("registered").payload(), "token");
      send(Json.object("type", "session_active", "state", Json.object("messages", Json.array())));
    }

    void ask() {
      send(
          Json.object(
              "type",
              "tool_execution_start",
              "toolName",
              "AskUserQuestion",
              "toolCallId",
              "call-" + seq,
              "args",
              Json.object("question", "Drop the table?", "options", Json.array("Drop", "Keep"))));
    }

    void resolve() {
      send(
          Json.object(
              "type",
              "tool_execution_end",
              "toolName",
              "AskUserQuestion",
              "toolCallId",
              "call-" + (seq - 1)));
    }

    private void send(JSONObject event) {
      Clients.send(worker, session, token, ++seq, event);
    }
  }
}
