package dev.agentrelay.testkit.clients;

import static dev.agentrelay.testkit.clients.AgentEvents.event;

import dev.agentrelay.testkit.clients.WorkerScript.Generation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A session worker on {@code /relay} (sockets.md 3.1, 4.3, 9.2): registers, sends what a real one
 * sends after {@code registered}, beats, answers, and runs a scripted agent on a prompt or on
 * input. After a lost connection it registers again under its session id and starts a new {@code
 * seq}. Thread-safe.
 */
public final class ScriptedWorker implements AutoCloseable {
  private final WorkerScript script;
  private final RelaySocket socket;
  private final ScriptedAgent agent;
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final SessionState state;
  private final WorkerCommands commands;
  private @Nullable ScheduledFuture<?> beating;
  private @Nullable String sessionId;
  private @Nullable String token;
  private @Nullable String prompt;
  private long seq;
  private long acked;
  private long snapshotMessages = -1;

  private ScriptedWorker(ClientOptions options, WorkerScript script) {
    this.script = script;
    this.sessionId = script.sessionId;
    this.prompt = script.prompt;
    this.state = new SessionState(script);
    this.agent = new ScriptedAgent(this, script);
    this.commands = new WorkerCommands(this, state, agent);
    this.socket =
        new RelaySocket(
            options,
            "/relay",
            Map.of("apiKey", String.valueOf(options.apiKey()), "protocolVersion", 1));
  }

  /** Connects without waiting for the registration; see {@link #awaitRegistered}. */
  public static ScriptedWorker start(ClientOptions options, WorkerScript script) {
    ScriptedWorker worker = new ScriptedWorker(options, script);
    worker.react();
    worker.socket.connect();
    return worker;
  }

  /** Waits for the first registration and gives the server's {@code registered}. */
  public JSONObject awaitRegistered() {
    socket.awaitConnected();
    return socket.await("registered").payload();
  }

  /** The id the server gave, or the one asked for before that. */
  public synchronized String sessionId() {
    if (sessionId == null) {
      throw new IllegalStateException("not registered yet");
    }
    return sessionId;
  }

  public RelaySocket socket() {
    return socket;
  }

  public Inbox<Received> inbox() {
    return socket.inbox();
  }

  public boolean busy() {
    return agent.busy();
  }

  public JSONArray transcript() {
    return agent.transcript();
  }

  /** Acknowledgements that no real server would send: going back, or ahead of what was sent. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /**
   * Sends one event with the next {@code seq} and gives that number; 0 when the worker is not
   * registered just now, because real workers never send again what they could not send.
   */
  public synchronized long sendEvent(JSONObject event) {
    if (token == null) {
      return 0;
    }
    seq++;
    socket.emit(
        "event", Json.object("sessionId", sessionId, "token", token, "event", event, "seq", seq));
    return seq;
  }

  /** Sends an event given as JSON text. */
  public long sendEvent(String json) {
    return sendEvent(Json.parse(json));
  }

  /** Waits for the {@code event_ack} that covers {@code seq}. */
  public void awaitAcked(long wanted, Duration limit) {
    inbox().await(r -> r.is("event_ack") && r.payload().optLong("seq") >= wanted, limit);
  }

  /** Emits any other event of {@code /relay}, adding the token. */
  public void emit(String name, JSONObject payload) {
    socket.emit(name, withToken(payload));
  }

  /** Like {@link #emit}; gives the acknowledgement's arguments. */
  public CompletableFuture<Object[]> emitWithAck(String name, JSONObject payload) {
    return socket.emitWithAck(name, withToken(payload));
  }

  /** Lets the agent run on a text, as if it had come as input. */
  public void prompt(String text) {
    agent.prompt(text, null);
  }

  /** Ends the session in good order: {@code session_end}, then DISCONNECT. */
  public void end() {
    emit("session_end", Json.object("sessionId", sessionId()));
    close();
  }

  /** Dies as a killed process does: the TCP connection just goes. */
  public void kill() {
    stop();
    socket.kill();
  }

  @Override
  public void close() {
    stop();
    socket.close();
  }

  synchronized void sendHeartbeat() {
    sendEvent(state.heartbeat(agent.busy()));
  }

  /** A full snapshot, in chunks when the script says so (sockets.md 4.4.4). */
  synchronized void sendSnapshot(@Nullable String recoveryNonce) {
    JSONArray messages = agent.transcript();
    snapshotMessages = messages.length();
    List<JSONObject> events =
        script.messagesPerChunk == 0
            ? List.of(
                event("session_active", "state", Json.put(state.json(), "messages", messages)))
            : ChunkedSnapshot.events(state.json(), messages, script.messagesPerChunk);
    Json.putIfKnown(events.getFirst(), "recoveryNonce", recoveryNonce);
    events.forEach(this::sendEvent);
  }

  private void react() {
    socket
        .on("connect", ignored -> register())
        .on("disconnect", ignored -> forgetRegistration())
        .on("registered", registered -> start(registered.payload()))
        .on("event_ack", ack -> check(ack.payload().optLong("seq")))
        .on("connected", wanted -> recover(wanted.text("recoveryNonce")))
        .on("input", this::takeInput)
        .on("session_trigger", this::takeTrigger)
        .on("model_set", wanted -> commands.setModel(wanted.payload()))
        .on("exec", command -> commands.execute(command.payload()))
        .on("parent_delinked", received -> received.acknowledge(Json.object("ok", true)))
        .on("session_expired", ignored -> close());
  }

  private synchronized void register() {
    socket.emit("register", state.registration(sessionId, script));
  }

  private synchronized void start(JSONObject registered) {
    sessionId = Json.requireText(registered, "sessionId");
    token = Json.requireText(registered, "token");
    seq = 0;
    acked = 0;
    sendSnapshot(null);
    sendHeartbeat();
    sendEvent(event("auth_source_changed", "source", "unknown"));
    sendEvent(event("thinking_level_changed", "level", "off"));
    sendEvent(
        script.generation == Generation.V0_5_7
            ? event("goal_updated", "goal", null)
            : AgentEvents.tokenUsage(0));
    if (beating == null) {
      beating = Later.every(script.heartbeat, this::beat);
    }
    if (prompt != null) {
      sendEvent(state.metadataUpdate());
      for (int i = 0; i < 2; i++) {
        sendEvent(event("todo_update", "todos", new JSONArray(), "ts", System.currentTimeMillis()));
        sendEvent(event("todo_updated", "todoList", new JSONArray()));
      }
      agent.prompt(prompt, null);
      prompt = null;
    }
  }

  private synchronized void forgetRegistration() {
    token = null;
  }

  private synchronized void stop() {
    token = null;
    agent.close();
    if (beating != null) {
      beating.cancel(false);
    }
  }

  private synchronized void beat() {
    sendHeartbeat();
    if (agent.transcript().length() == snapshotMessages) {
      sendEvent(state.metadataUpdate());
    } else {
      sendSnapshot(null);
    }
  }

  private synchronized void check(long number) {
    if (number < acked || number > seq) {
      faults.add("event_ack " + number + " after " + acked + " with " + seq + " sent");
    }
    acked = Math.max(acked, number);
  }

  private synchronized void recover(@Nullable String nonce) {
    sendEvent(
        event("capabilities", "models", Json.array(state.model()), "commands", new JSONArray()));
    sendSnapshot(nonce);
  }

  private void takeInput(Received input) {
    boolean acks = script.generation == Generation.V0_52_0;
    agent.prompt(String.valueOf(input.text("text")), acks ? input.ack() : null);
  }

  private void takeTrigger(Received received) {
    JSONObject trigger = Json.objectAt(received.payload(), "trigger");
    JSONObject payload = Json.objectAt(trigger, "payload");
    String text = Json.text(payload, "prompt");
    agent.prompt(text == null ? trigger.optString("type") + " " + payload : text, null);
    received.acknowledge(Json.object("ok", true));
  }

  private synchronized JSONObject withToken(JSONObject payload) {
    return Json.putIfKnown(payload, "token", token);
  }
}
