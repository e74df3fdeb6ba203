package dev.agentrelay.testkit.clients;

import static dev.agentrelay.testkit.clients.AgentEvents.event;

import java.time.Duration;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * What viewers have a worker do, and what it says to it (sockets.md 9.2). What is said to one
 * command stands together among the worker's events.
 */
final class WorkerCommands {
  private static final Duration EXIT_DELAY = Duration.ofMillis(100);

  private final ScriptedWorker worker;
  private final SessionState state;
  private final ScriptedAgent agent;

  WorkerCommands(ScriptedWorker worker, SessionState state, ScriptedAgent agent) {
    this.worker = worker;
    this.state = state;
    this.agent = agent;
  }

  void setModel(JSONObject wanted) {
    synchronized (worker) {
      JSONObject previous = state.model();
      String provider = wanted.optString("provider");
      String id = wanted.optString("modelId");
      JSONObject model = Json.object("provider", provider, "id", id, "name", id);
      state.model(model);
      worker.sendEvent(
          event("model_select", "model", model, "previousModel", previous, "source", "set"));
      worker.sendEvent(event("auth_source_changed", "source", "unknown"));
      worker.sendSnapshot(null);
      worker.sendEvent(event("model_set_result", "ok", true, "provider", provider, "modelId", id));
      worker.sendEvent(event("model_changed", "model", model));
      worker.sendEvent(event("auth_source_changed", "source", "unknown"));
      worker.sendSnapshot(null);
    }
  }

  void execute(JSONObject exec) {
    synchronized (worker) {
      String command = exec.optString("command");
      switch (command) {
        case "end_session" -> {
          answer(exec, "result", null);
          // A real worker exits a moment later without any goodbye.
          Later.after(EXIT_DELAY, worker::kill);
        }
        case "abort" -> {
          answer(exec, "result", null);
          agent.abort();
        }
        case "set_session_name" -> {
          state.name(Json.text(exec, "name"));
          answer(exec, "result", Json.object("sessionName", state.name()));
          worker.sendSnapshot(null);
          worker.sendHeartbeat();
        }
        case "get_commands" -> answer(exec, "result", Json.object("commands", new JSONArray()));
        case "get_available_models" ->
            answer(exec, "result", Json.object("models", Json.array(state.model())));
        default -> answer(exec, "error", "Unknown exec command: " + command);
      }
    }
  }

  private void answer(JSONObject exec, String member, @Nullable Object value) {
    boolean ok = member.equals("result");
    JSONObject answer =
        Json.object("id", exec.optString("id"), "ok", ok, "command", exec.optString("command"));
    worker.socket().emit("exec_result", Json.putIfKnown(answer, member, value));
  }
}
