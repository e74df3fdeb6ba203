package dev.agentrelay.gateway;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;

/**
 * A running gateway on real stores, a user of its own for each test, and clients that are closed in
 * the end.
 */
@QuarkusTestResource(
    value = StoresTestResource.class,
    initArgs = @ResourceArg(name = "stores", value = "postgres,redis,kafka"))
@QuarkusTestResource(TestingTriggerService.class)
@QuarkusTestResource(IdentityTestResource.class)
abstract class GatewayTest {
  static final Duration LIMIT = Duration.ofSeconds(30);

  @TestHTTPResource("/")
  URI relay;

  final String user = "user-" + UUID.randomUUID();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  ClientOptions as(String someone) {
    return ClientOptions.of(relay).withApiKey(TestingCallers.keyOf(someone));
  }

  ClientOptions mine() {
    return as(user);
  }

  /** The user's live sessions by id, as a hub that connects now is told. */
  Map<String, JSONObject> listedSessions() {
    JSONArray sessions =
        open(ScriptedHub.connect(mine()))
            .socket()
            .await("sessions")
            .payload()
            .getJSONArray("sessions");
    Map<String, JSONObject> listed = new HashMap<>();
    for (int i = 0; i < sessions.length(); i++) {
      JSONObject session = sessions.getJSONObject(i);
      listed.put(session.getString("sessionId"), session);
    }
    return listed;
  }

  RelayClient rest() {
    return new RelayClient(mine());
  }

  /** A socket that is not connected yet, with the key of the options in its auth object. */
  RelaySocket socket(ClientOptions options, String namespace) {
    String key = options.apiKey();
    Map<String, Object> auth = key == null ? Map.of() : Map.of("apiKey", key);
    return open(new RelaySocket(options, namespace, auth));
  }

  /** A runner of the user's on a bare socket, which has been told all that it is told at first. */
  RelaySocket registerRunner(String id) {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit(
        "register_runner",
        Json.object("runnerId", id, "runnerSecret", "s", "roots", Json.array("/src")));
    runner.await("trigger_subscriptions_snapshot");
    return runner;
  }

  /** A worker that has registered and whose first events are stored. */
  ScriptedWorker worker(WorkerScript script) {
    ScriptedWorker worker = open(ScriptedWorker.start(mine(), script));
    worker.awaitRegistered();
    worker.awaitAcked(1, LIMIT);
    return worker;
  }

  <T extends AutoCloseable> T open(T client) {
    opened.push(client);
    return client;
  }

  @AfterEach
  void closeClients() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
