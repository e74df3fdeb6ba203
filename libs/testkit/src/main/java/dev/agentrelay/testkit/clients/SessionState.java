package dev.agentrelay.testkit.clients;

import static dev.agentrelay.testkit.clients.AgentEvents.event;

import dev.agentrelay.testkit.clients.WorkerScript.Generation;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** What a worker tells about its session besides the transcript. Guarded by its worker. */
final class SessionState {
  private final String cwd;
  private final long startedAt = System.currentTimeMillis();
  private JSONObject model;
  private @Nullable String name;

  SessionState(WorkerScript script) {
    this.cwd = script.cwd;
    this.model = script.model;
    this.name = script.sessionName;
  }

  JSONObject model() {
    return model;
  }

  void model(JSONObject chosen) {
    model = chosen;
  }

  @Nullable String name() {
    return name;
  }

  void name(@Nullable String given) {
    name = given;
  }

  /** What {@code register} says (sockets.md 3.1); members that are not known are left out. */
  JSONObject registration(@Nullable String sessionId, WorkerScript script) {
    JSONObject payload = Json.putIfKnown(Json.object(), "sessionId", sessionId);
    Json.put(payload, "cwd", cwd);
    Json.put(payload, "ephemeral", true);
    Json.put(payload, "collabMode", script.collab);
    Json.put(payload, "sessionFile", file());
    Json.putIfKnown(payload, "sessionName", name);
    Json.putIfKnown(payload, "parentSessionId", script.parentSessionId);
    if (script.generation == Generation.V0_52_0) {
      Json.put(payload, "acksSessionTrigger", true);
    }
    return payload;
  }

  /** The state of a {@code session_active}, without its messages. */
  JSONObject json() {
    JSONObject state = Json.object("model", model, "thinkingLevel", "off", "sessionName", name);
    Json.put(state, "cwd", cwd);
    Json.put(state, "availableModels", Json.array(model));
    Json.put(state, "availableCommands", new JSONArray());
    Json.put(state, "todoList", new JSONArray());
    Json.put(state, "goal", JSONObject.NULL);
    return Json.put(state, "queuedMessages", new JSONArray());
  }

  JSONObject metadataUpdate() {
    return event("session_metadata_update", "metadata", Json.put(json(), "sessionFile", file()));
  }

  JSONObject heartbeat(boolean active) {
    long now = System.currentTimeMillis();
    JSONObject beat = event("heartbeat", "active", active, "isCompacting", false, "ts", now);
    Json.put(beat, "model", model);
    Json.put(beat, "sessionName", name == null ? JSONObject.NULL : name);
    Json.put(beat, "uptime", now - startedAt);
    Json.put(beat, "cwd", cwd);
    return Json.put(beat, "queuedMessages", new JSONArray());
  }

  private String file() {
    return cwd + "/.sessions/" + startedAt + ".jsonl";
  }
}
