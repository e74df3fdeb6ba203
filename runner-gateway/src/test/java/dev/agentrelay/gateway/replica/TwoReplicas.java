package dev.agentrelay.gateway.replica;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.Member;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Both gateways run when a test begins; what it killed is started again for the next. */
abstract class TwoReplicas {
  static final Duration LIMIT = Duration.ofSeconds(90);

  /** The same for every class of this JVM, as they take long to start. */
  final Surroundings gateways = Surroundings.running();

  final UserId user = new UserId("user-" + UUID.randomUUID());
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @BeforeEach
  void startWhatDoesNotRun() {
    gateways.startAll();
  }

  @AfterEach
  void closeClients() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  ClientOptions at(String gateway) {
    return gateways.at(gateway, user);
  }

  <T extends AutoCloseable> T open(T client) {
    opened.push(client);
    return client;
  }

  Member worker(String gateway, @Nullable String parent) {
    return worker(gateway, UUID.randomUUID().toString(), parent);
  }

  Member worker(String gateway, String session, @Nullable String parent) {
    RelaySocket socket = socket(gateway, "/relay", Map.of()).awaitConnected();
    socket.emit(
        "register", Json.object("sessionId", session, "cwd", "/src", "parentSessionId", parent));
    return Member.registered(socket);
  }

  String runner() {
    return "runner-of-" + user;
  }

  RelaySocket daemon(String gateway) {
    RelaySocket daemon = socket(gateway, "/runner", Map.of()).awaitConnected();
    daemon.emit("register_runner", Json.object("runnerId", runner(), "runnerSecret", "s"));
    daemon.await("runner_registered");
    return daemon;
  }

  /** A viewer that has been greeted. */
  RelaySocket viewer(String gateway, String session) {
    RelaySocket viewer = socket(gateway, "/viewer", Map.of()).awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", session, "generation", 1));
    viewer.await("connected");
    return viewer;
  }

  /** A socket on its way, with the user's key beside that in its auth object. */
  RelaySocket socket(String gateway, String namespace, Map<String, Object> auth) {
    ClientOptions options = at(gateway);
    JSONObject all = new JSONObject(auth).put("apiKey", Objects.requireNonNull(options.apiKey()));
    return open(new RelaySocket(options, namespace, all.toMap())).connect();
  }
}
