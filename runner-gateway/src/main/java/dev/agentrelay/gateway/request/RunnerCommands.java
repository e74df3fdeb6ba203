package dev.agentrelay.gateway.request;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.gateway.cluster.Mail.RequestAbandoned;
import dev.agentrelay.gateway.cluster.Mail.RunnerRequest;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Has a runner carry out commands, whichever replica holds it (rest.md 1.4). */
@Singleton
public class RunnerCommands {
  private final RunnerLine line;

  RunnerCommands(RunnerLine line) {
    this.line = line;
  }

  /** A command on its way: its answer, and the means to do without it. */
  public record Running(Future<RawJson> answer, Runnable abandon) {}

  /**
   * The runner's answer without its {@code requestId}. Fails with the contract's answers to the
   * caller.
   */
  public Future<RawJson> run(RunnerId runner, RunnerCommand command, RawObject fields) {
    return start(runner, command, fields).answer();
  }

  /** The runner's answer where only objects make sense. */
  public Future<RawObject> runForObject(RunnerId runner, RunnerCommand command, RawObject fields) {
    return run(runner, command, fields).map(RunnerCommands::object);
  }

  /** Sends the command; who no longer waits for the answer abandons it. */
  public Running start(RunnerId runner, RunnerCommand command, RawObject fields) {
    String id = UUID.randomUUID().toString();
    RunnerRequest question =
        new RunnerRequest(runner, command.event(), id, command.limit().toMillis());
    Future<RawJson> answer =
        line.ask(runner, question, fields.copy().put("requestId", id).toJson(), command.limit())
            .map(reply -> read(command, reply));
    return new Running(
        answer,
        () -> {
          if (!answer.isComplete()) {
            line.tell(runner, new RequestAbandoned(id));
          }
        });
  }

  private static RawJson read(RunnerCommand command, Reply reply) {
    RawJson value = reply.value();
    return switch (reply.outcome()) {
      case DONE -> checked(command, value == null ? RawJson.NULL : value);
      case REFUSED -> throw unreachable(command, String.valueOf(JsonValues.text(value)));
      case ABSENT -> throw unreachable(command, "Runner not found");
      case NO_ANSWER, LOST -> throw unreachable(command, "Runner command timed out");
    };
  }

  private static RawJson checked(RunnerCommand command, RawJson answer) {
    command.check(object(answer));
    return answer;
  }

  private static RawObject object(@Nullable RawJson answer) {
    return Optional.ofNullable(RawObject.parse(answer)).orElseGet(RawObject::empty);
  }

  private static RelayException unreachable(RunnerCommand command, String reason) {
    String text = command.noAnswer();
    return new RelayException(ErrorCode.RUNNER_UNREACHABLE, text == null ? reason : text);
  }
}
