package dev.agentrelay.testkit.clients;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A runner daemon on {@code /runner} (sockets.md 3.2, 4.1, 4.2) whose workers run in this process.
 * Thread-safe.
 */
public final class ScriptedRunner implements AutoCloseable {
  private static final Duration EXIT_DELAY = Duration.ofMillis(500);
  private static final Duration RESTART_TIME = Duration.ofSeconds(1);

  /** An answer to a request; the request's {@code requestId} is added to it. */
  public record Answer(String event, JSONObject payload) {}

  private final ClientOptions options;
  private final RunnerScript script;
  private final RelaySocket socket;
  private final Map<String, ScriptedWorker> workers = new ConcurrentHashMap<>();
  private final Set<String> adopted = ConcurrentHashMap.newKeySet();

  private ScriptedRunner(ClientOptions options, RunnerScript script) {
    this.options = options;
    this.script = script;
    this.socket =
        new RelaySocket(
            options,
            "/runner",
            Map.of(
                "apiKey",
                String.valueOf(options.apiKey()),
                "runnerId",
                script.runnerId,
                "runnerSecret",
                script.secret,
                "protocolVersion",
                1,
                "clientVersion",
                "0.5.7"));
  }

  /** Connects and waits until the runner is registered and has its subscription snapshot. */
  public static ScriptedRunner connect(ClientOptions options, RunnerScript script) {
    ScriptedRunner runner = start(options, script);
    runner.awaitRegistered();
    runner.socket.await("trigger_subscriptions_snapshot");
    return runner;
  }

  /** Connects without waiting, for a runner that is expected to be refused. */
  public static ScriptedRunner start(ClientOptions options, RunnerScript script) {
    ScriptedRunner runner = new ScriptedRunner(options, script);
    runner.react();
    runner.socket.connect();
    return runner;
  }

  /** Waits for the first registration and gives the server's {@code runner_registered}. */
  public JSONObject awaitRegistered() {
    socket.awaitConnected();
    return socket.await("runner_registered").payload();
  }

  public String runnerId() {
    return script.runnerId;
  }

  public RelaySocket socket() {
    return socket;
  }

  public Inbox<Received> inbox() {
    return socket.inbox();
  }

  /** The workers forked so far, by session id. */
  public Map<String, ScriptedWorker> workers() {
    return Map.copyOf(workers);
  }

  /** The worker of that session, once its {@code new_session} has come. */
  public ScriptedWorker awaitWorker(String sessionId) {
    inbox()
        .await(r -> r.is("new_session") && sessionId.equals(r.text("sessionId")), options.limit());
    ScriptedWorker worker = workers.get(sessionId);
    if (worker == null) {
      throw new AwaitTimeoutException("the script forked no worker for session " + sessionId);
    }
    return worker;
  }

  /** Sessions that the server listed as this runner's at registration. */
  public Set<String> adoptedSessions() {
    return Set.copyOf(adopted);
  }

  /** Sets the answer to a request of that name, for example {@code list_files}. */
  public ScriptedRunner answer(String request, Function<JSONObject, Answer> answer) {
    socket.on(
        request,
        received -> {
          Answer given = answer.apply(received.payload());
          Json.putIfKnown(given.payload(), "requestId", received.text("requestId"));
          socket.emit(given.event(), given.payload());
        });
    return this;
  }

  public void emit(String event, JSONObject payload) {
    socket.emit(event, payload);
  }

  /** Asks the server to end one of this runner's sessions. */
  public void disconnectSession(String sessionId) {
    emit("disconnect_session", Json.object("sessionId", sessionId));
  }

  /** Leaves with DISCONNECT; the workers live on. */
  public void disconnect() {
    socket.disconnect();
  }

  /** Leaves and kills the workers, as the end of a machine does. */
  @Override
  public void close() {
    socket.close();
    workers.values().forEach(ScriptedWorker::kill);
  }

  private void react() {
    socket
        .on("connect", ignored -> register())
        .on("runner_registered", registered -> adopt(registered.payload()))
        .on("trigger_subscriptions_snapshot", snapshot -> announce(snapshot.payload()))
        .on("new_session", request -> decide(request.payload()))
        .on("kill_session", received -> killSession(received.text("sessionId")))
        .on("restart", ignored -> Later.after(EXIT_DELAY, this::restart))
        .on("shutdown", ignored -> Later.after(EXIT_DELAY, socket::close))
        .on("ping", ignored -> emit("pong", new JSONObject()))
        .on("list_terminals", ignored -> emit("terminals_list", Json.object("terminals", none())))
        .on("list_sessions", ignored -> emit("sessions_list", Json.object("sessions", running())));
  }

  private void register() {
    emit(
        "register_runner",
        Json.object(
            "runnerId",
            script.runnerId,
            "runnerSecret",
            script.secret,
            "name",
            script.name,
            "roots",
            Json.array(script.roots.toArray()),
            "skills",
            none(),
            "agents",
            none(),
            "plugins",
            none(),
            "hooks",
            none(),
            "version",
            "0.5.7",
            "platform",
            "linux"));
  }

  private void adopt(JSONObject registered) {
    JSONArray existing = Json.arrayAt(registered, "existingSessions");
    for (int i = 0; i < existing.length(); i++) {
      JSONObject session = existing.optJSONObject(i);
      if (session != null) {
        adopted.add(session.optString("sessionId"));
      }
    }
  }

  private void announce(JSONObject snapshot) {
    emit("service_announce", script.announce);
    emit("service_announce", script.announce);
    emit(
        "trigger_subscriptions_applied",
        Json.object(
            "revision",
            snapshot.opt("revision"),
            "applied",
            Json.arrayAt(snapshot, "subscriptions").length()));
    emit("runner_warning_clear", new JSONObject());
  }

  private void decide(JSONObject request) {
    String sessionId = Json.requireText(request, "sessionId");
    switch (script.onNewSession.apply(request)) {
      case SpawnDecision.Fork fork -> {
        workers.put(sessionId, ScriptedWorker.start(options, fork.worker()));
        emit("session_ready", Json.object("sessionId", sessionId));
      }
      case SpawnDecision.ReadyOnly ready ->
          emit("session_ready", Json.object("sessionId", sessionId));
      case SpawnDecision.Refuse refusal ->
          emit("session_error", Json.object("sessionId", sessionId, "message", refusal.message()));
      case SpawnDecision.Ignore ignore -> {}
    }
  }

  private void killSession(@Nullable String sessionId) {
    if (sessionId == null) {
      return;
    }
    ScriptedWorker worker = workers.remove(sessionId);
    if (worker != null) {
      worker.kill();
    }
    emit("session_killed", Json.object("sessionId", sessionId));
  }

  private void restart() {
    socket.disconnect();
    Later.after(RESTART_TIME, socket::connect);
  }

  private JSONArray running() {
    return Json.array(workers.keySet().stream().map(id -> Json.object("sessionId", id)).toArray());
  }

  private static JSONArray none() {
    return new JSONArray();
  }
}
