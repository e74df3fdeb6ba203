package dev.agentrelay.testkit.clients;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** How a {@link ScriptedWorker} behaves. Immutable; each {@code with…} gives a changed copy. */
public final class WorkerScript {

  /** The two published generations, as far as the relay can tell them apart. */
  public enum Generation {
    /** Never acknowledges input. */
    V0_5_7,
    /** Acknowledges input when the agent run that it started is over. */
    V0_52_0
  }

  @Nullable String sessionId = UUID.randomUUID().toString();
  String cwd = "/home/dev/work";
  Generation generation = Generation.V0_5_7;
  boolean collab = true;
  @Nullable String sessionName;
  @Nullable String parentSessionId;
  @Nullable String prompt;
  JSONObject model =
      Json.object(
          "provider", "scripted",
          "id", "scripted-1",
          "name", "Scripted One",
          "reasoning", false,
          "contextWindow", 128_000);
  UnaryOperator<String> reply = text -> "This is the scripted agent. You said: " + text;
  Duration pace = Duration.ZERO;
  Duration heartbeat = Duration.ofSeconds(10);
  int messagesPerChunk;
  JSONArray history = new JSONArray();

  private WorkerScript() {}

  /** Generation 0.5.7 with a session id of its own and an agent that answers at once. */
  public static WorkerScript standard() {
    return new WorkerScript();
  }

  /** The same behaviour for the session that a {@code new_session} asks for. */
  public WorkerScript forSession(JSONObject newSession) {
    return with(
        copy -> {
          copy.sessionId = Json.requireText(newSession, "sessionId");
          copy.parentSessionId = Json.text(newSession, "parentSessionId");
          copy.prompt = Json.text(newSession, "prompt");
          String wantedCwd = Json.text(newSession, "cwd");
          JSONObject wantedModel = newSession.optJSONObject("model");
          copy.cwd = wantedCwd == null ? cwd : wantedCwd;
          copy.model = wantedModel == null ? model : wantedModel;
        });
  }

  /** The session id to ask for; {@code null} leaves it to the server. */
  public WorkerScript withSessionId(@Nullable String id) {
    return with(copy -> copy.sessionId = id);
  }

  public WorkerScript withCwd(String folder) {
    return with(copy -> copy.cwd = folder);
  }

  public WorkerScript withGeneration(Generation imitated) {
    return with(copy -> copy.generation = imitated);
  }

  /** Whether viewers may steer it; mirrors of subagents say no. */
  public WorkerScript withCollab(boolean steerable) {
    return with(copy -> copy.collab = steerable);
  }

  public WorkerScript withSessionName(@Nullable String name) {
    return with(copy -> copy.sessionName = name);
  }

  public WorkerScript withParent(@Nullable String parentId) {
    return with(copy -> copy.parentSessionId = parentId);
  }

  /** The prompt it was started with; it runs the agent right after registering. */
  public WorkerScript withPrompt(@Nullable String text) {
    return with(copy -> copy.prompt = text);
  }

  /** What the agent answers to a prompt, word by word, and the time between two words. */
  public WorkerScript withReply(UnaryOperator<String> answer, Duration betweenWords) {
    return with(
        copy -> {
          copy.reply = answer;
          copy.pace = betweenWords;
        });
  }

  public WorkerScript withHeartbeat(Duration period) {
    return with(copy -> copy.heartbeat = period);
  }

  /** Sends snapshots in chunks of so many messages; 0 sends them whole. */
  public WorkerScript withChunkedSnapshots(int messagesEach) {
    return with(copy -> copy.messagesPerChunk = messagesEach);
  }

  /** The transcript it starts with. */
  public WorkerScript withHistory(JSONArray messages) {
    return with(copy -> copy.history = Json.copy(messages));
  }

  private WorkerScript with(Consumer<WorkerScript> change) {
    WorkerScript copy = new WorkerScript();
    copy.sessionId = sessionId;
    copy.cwd = cwd;
    copy.generation = generation;
    copy.collab = collab;
    copy.sessionName = sessionName;
    copy.parentSessionId = parentSessionId;
    copy.prompt = prompt;
    copy.model = model;
    copy.reply = reply;
    copy.pace = pace;
    copy.heartbeat = heartbeat;
    copy.messagesPerChunk = messagesPerChunk;
    copy.history = history;
    change.accept(copy);
    return copy;
  }
}
