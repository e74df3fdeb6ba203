package dev.agentrelay.gateway.routes;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.request.RunnerCommands;
import dev.agentrelay.gateway.runner.RunnerGate;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** What all calls under {@code /api/runners/{runnerId}} have in common: the gate comes first. */
@Singleton
class RunnerRoutes {
  private final RunnerGate gate;
  private final RunnerCommands commands;

  RunnerRoutes(RunnerGate gate, RunnerCommands commands) {
    this.gate = gate;
    this.commands = commands;
  }

  /** Answers what {@code action} finds out about the caller's runner. */
  Uni<byte[]> answer(String runnerId, Function<RunnerRecord, Future<RawJson>> action) {
    return UniHelper.toUni(gate.admit(runnerId).compose(action).map(RawJson::toByteArray));
  }

  /** Answers what is known of the caller's runner without asking it. */
  Uni<byte[]> show(String runnerId, Function<RunnerRecord, RawObject> shown) {
    return answer(runnerId, runner -> Future.succeededFuture(shown.apply(runner).toJson()));
  }

  /**
   * Answers what the runner says.
   *
   * @param fields what the runner is sent; may refuse the request
   */
  Uni<byte[]> pass(
      String runnerId, RunnerCommand command, Function<RunnerRecord, RawObject> fields) {
    return answer(runnerId, runner -> commands.run(runner.id(), command, fields.apply(runner)));
  }

  /** Answers what the runner says to a command without fields. */
  Uni<byte[]> pass(String runnerId, RunnerCommand command) {
    return pass(runnerId, command, runner -> RawObject.empty());
  }
}
