package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Has all workers of a runner load something anew (rest.md 7.2, X9 and X10). */
@Singleton
class WorkerReloads {
  private final WorkerLine workers;

  WorkerReloads(WorkerLine workers) {
    this.workers = workers;
  }

  /** Which workers were told, and which could not be. */
  Future<RawObject> skills(RunnerRecord runner) {
    RawObject input =
        RawObject.empty()
            .put("text", "/skills reload")
            .put("attachments", EmptyLists.EMPTY)
            .put("deliverAs", "followUp");
    return tell(runner, "input", input);
  }

  /** Which workers were told, and which could not be. */
  Future<RawObject> mcp(RunnerRecord runner) {
    RawObject order =
        RawObject.empty()
            .put("type", "exec")
            .put("id", UUID.randomUUID().toString())
            .put("command", "mcp")
            .put("action", "reload");
    return tell(runner, "exec", order);
  }

  private Future<RawObject> tell(RunnerRecord runner, String event, RawObject payload) {
    List<String> sessions = runner.sessionIds();
    List<Future<Reply>> told =
        sessions.stream()
            .map(session -> workers.emit(new SessionId(session), event, payload.toJson()))
            .toList();
    return Future.join(told).transform(all -> Future.succeededFuture(result(sessions, told)));
  }

  private static RawObject result(List<String> sessions, List<Future<Reply>> told) {
    List<RawJson> reached = new ArrayList<>();
    List<RawJson> failed = new ArrayList<>();
    for (int i = 0; i < sessions.size(); i++) {
      Future<Reply> reply = told.get(i);
      boolean done = reply.succeeded() && reply.result().isDone();
      (done ? reached : failed).add(JsonValues.of(sessions.get(i)));
    }
    return RawObject.empty()
        .put("reloaded", reached.size())
        .put("failed", failed.size())
        .put("sessionIds", JsonValues.array(reached))
        .put("failedSessionIds", JsonValues.array(failed));
  }
}
