package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.driver.Driver;
import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;

/** Real Socket.IO clients of the driver's user, for what is measured one by one. */
final class Clients {
  static final Duration LIMIT = Duration.ofMinutes(1);

  private Clients() {}

  static ClientOptions at(Replica replica) {
    return ClientOptions.of(replica.url()).withApiKey(Driver.API_KEY);
  }

  static RelaySocket join(Replica replica, String namespace, Map<String, Object> auth) {
    return new RelaySocket(at(replica), namespace, auth).connect().awaitConnected();
  }

  /** A runner that is registered and does nothing. */
  static RelaySocket runner(Replica replica, String id) {
    RelaySocket runner = join(replica, "/runner", workerAuth());
    runner.emit(
        "register_runner",
        Json.object("runnerId", id, "runnerSecret", id, "name", id, "roots", Json.array()));
    runner.await("runner_registered");
    return runner;
  }

  /** A worker that is registered and does nothing. */
  static RelaySocket worker(Replica replica, String session) {
    RelaySocket worker = join(replica, "/relay", workerAuth());
    register(worker, session);
    worker.await("registered");
    return worker;
  }

  static Map<String, Object> workerAuth() {
    return Map.of("apiKey", Driver.API_KEY, "protocolVersion", 1);
  }

  static void register(RelaySocket worker, String session) {
    worker.emit(
        "register",
        Json.object(
            "sessionId", session, "cwd", "/benchmark", "ephemeral", true, "collabMode", true));
  }

  /** Sends one event; gives nothing back. */
  static void send(RelaySocket worker, String session, String token, long seq, JSONObject event) {
    worker.emit(
        "event", Json.object("sessionId", session, "token", token, "event", event, "seq", seq));
  }

  static String newId() {
    return UUID.randomUUID().toString();
  }
}
