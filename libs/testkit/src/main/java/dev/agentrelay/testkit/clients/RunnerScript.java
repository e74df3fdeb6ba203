package dev.agentrelay.testkit.clients;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.json.JSONArray;
import org.json.JSONObject;

/** How a {@link ScriptedRunner} behaves. Immutable; each {@code with…} gives a changed copy. */
public final class RunnerScript {
  String runnerId = UUID.randomUUID().toString();
  String secret = UUID.randomUUID().toString().replace("-", "");
  String name = "scripted-runner";
  List<String> roots = List.of();
  JSONObject announce =
      Json.object(
          "serviceIds",
          Json.array("terminal", "file-explorer", "git", "process", "memory", "tunnel", "time"),
          "triggerDefs",
          Json.array(
              Json.object(
                  "type", "time:timer_fired",
                  "label", "Scheduled Follow-up",
                  "params",
                      Json.array(
                          Json.object(
                              "name", "duration",
                              "label", "Duration",
                              "type", "string",
                              "required", true)))),
          "sigilDefs",
          new JSONArray());
  Function<JSONObject, SpawnDecision> onNewSession =
      request -> new SpawnDecision.Fork(WorkerScript.standard().forSession(request));

  private RunnerScript() {}

  /** A runner with fresh identity that forks a {@link WorkerScript#standard} worker each time. */
  public static RunnerScript standard() {
    return new RunnerScript();
  }

  public RunnerScript withIdentity(String id, String itsSecret) {
    return with(
        copy -> {
          copy.runnerId = id;
          copy.secret = itsSecret;
        });
  }

  public RunnerScript withName(String shown) {
    return with(copy -> copy.name = shown);
  }

  public RunnerScript withRoots(String... folders) {
    return with(copy -> copy.roots = List.of(folders));
  }

  /** The payload of {@code service_announce}. */
  public RunnerScript withAnnounce(JSONObject payload) {
    return with(copy -> copy.announce = payload);
  }

  /** Decides from the {@code new_session} payload; must not wait. */
  public RunnerScript onNewSession(Function<JSONObject, SpawnDecision> decision) {
    return with(copy -> copy.onNewSession = decision);
  }

  /** Forks workers of this behaviour. */
  public RunnerScript withWorkers(WorkerScript worker) {
    return onNewSession(request -> new SpawnDecision.Fork(worker.forSession(request)));
  }

  private RunnerScript with(Consumer<RunnerScript> change) {
    RunnerScript copy = new RunnerScript();
    copy.runnerId = runnerId;
    copy.secret = secret;
    copy.name = name;
    copy.roots = roots;
    copy.announce = announce;
    copy.onNewSession = onNewSession;
    change.accept(copy);
    return copy;
  }
}
