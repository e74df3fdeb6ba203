package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerGate;
import dev.agentrelay.platform.error.RelayException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Orders to a whole daemon that it does not answer (rest.md 4.3). */
@Singleton
class RunnerOrders {
  private final RunnerGate gate;
  private final RunnerLine line;

  RunnerOrders(RunnerGate gate, RunnerLine line) {
    this.gate = gate;
    this.line = line;
  }

  /** Gives the order to the runner that the body names. */
  Uni<byte[]> give(String event, byte @Nullable [] body) {
    String runnerId = RequestBody.orEmpty(body).text("runnerId");
    if (runnerId == null || runnerId.isEmpty()) {
      throw RequestBody.invalid("Missing runnerId");
    }
    return UniHelper.toUni(
        gate.admit(runnerId)
            .compose(runner -> line.emit(runner.id(), event, RawObject.empty().toJson()))
            .map(
                reply -> {
                  requireSent(event, reply.outcome());
                  return RawObject.empty().put("ok", true).toJson().toByteArray();
                }));
  }

  private static void requireSent(String event, Outcome outcome) {
    switch (outcome) {
      case DONE -> {}
      case ABSENT ->
          throw new RelayException(
              ErrorCode.RUNNER_UNREACHABLE, "Runner is not connected to this server");
      case REFUSED, NO_ANSWER, LOST ->
          throw new RelayException(
              ErrorCode.RUNNER_UNREACHABLE, "Failed to send " + event + " request to runner");
    }
  }
}
