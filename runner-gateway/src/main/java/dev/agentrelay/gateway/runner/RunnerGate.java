package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CurrentCaller;
import io.vertx.core.Future;
import jakarta.inject.Singleton;

/** Lets a caller reach its own runners only (rest.md 1.3). */
@Singleton
public class RunnerGate {
  private final RunnerRecords records;
  private final CurrentCaller caller;

  RunnerGate(RunnerRecords records, CurrentCaller caller) {
    this.records = records;
    this.caller = caller;
  }

  /** The runner; fails with 404, 403 or 503. Called while the request is being taken. */
  public Future<RunnerRecord> admit(String id) {
    var user = caller.userId();
    return (id.isBlank()
            ? Future.<RunnerRecord>failedFuture(
                new RelayException(ErrorCode.NOT_FOUND, "Runner not found"))
            : records.require(new RunnerId(id)))
        .map(
            runner -> {
              if (!runner.user().equals(user)) {
                throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
              }
              return runner;
            });
  }
}
