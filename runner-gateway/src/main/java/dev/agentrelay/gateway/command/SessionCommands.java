package dev.agentrelay.gateway.command;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.GatewayCommand.AnswerTrigger;
import dev.agentrelay.contracts.GatewayCommand.EndSession;
import dev.agentrelay.contracts.GatewayCommand.InjectInput;
import dev.agentrelay.contracts.GatewayCommand.TellViewers;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.command.CommandRunner.Result;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What other services have done to a session that is there. */
@Singleton
class SessionCommands {
  private final ChildLinks links;
  private final WorkerLine workers;
  private final RunnerLine line;
  private final RunnerRecords runners;
  private final SessionAudience audience;

  SessionCommands(
      ChildLinks links,
      WorkerLine workers,
      RunnerLine line,
      RunnerRecords runners,
      SessionAudience audience) {
    this.links = links;
    this.workers = workers;
    this.line = line;
    this.runners = runners;
    this.audience = audience;
  }

  Future<Result> input(UserId user, InjectInput command) {
    return tellWorker(user, command.session(), "input", message(command));
  }

  Future<Result> answer(UserId user, AnswerTrigger command) {
    RawObject answer =
        RawObject.empty().put("triggerId", command.triggerId()).put("response", command.text());
    putText(answer, "action", command.action());
    return tellWorker(user, command.session(), "trigger_response", answer);
  }

  private Future<Result> tellWorker(
      UserId user, SessionId session, String event, RawObject payload) {
    return links
        .find(session)
        .compose(
            found -> {
              Optional<Result> refusal = refusal(user, session, found);
              return refusal.isPresent()
                  ? Future.succeededFuture(refusal.get())
                  : workers
                      .emit(session, event, payload.toJson())
                      .map(reply -> reached(session, reply.isDone()));
            });
  }

  private static RawObject message(InjectInput command) {
    RawObject input = RawObject.empty().put("text", command.text());
    if (command.attachments() != null) {
      input.put("attachments", RawJson.of(command.attachments().value()));
    }
    putText(input, "client", command.client());
    putText(input, "deliverAs", command.deliverAs());
    putText(input, "requestId", command.requestId());
    return input;
  }

  private static void putText(RawObject message, String member, @Nullable String text) {
    if (text != null) {
      message.put(member, text);
    }
  }

  Future<Result> tellViewers(UserId user, TellViewers command) {
    SessionId session = command.session();
    return links
        .find(session)
        .map(
            found -> {
              RawObject payload = RawObject.parse(RawJson.of(command.payload().value()));
              Optional<Result> refusal = refusal(user, session, found);
              if (refusal.isEmpty() && payload != null) {
                audience.emitToViewers(session, command.event().wireName(), payload);
              }
              return refusal.orElse(Result.of(Outcome.DELIVERED, session));
            });
  }

  /** The session may have registered or not; the runner must be the user's. */
  Future<Result> end(UserId user, EndSession command) {
    SessionId session = command.session();
    return links
        .find(session)
        .compose(
            found -> {
              boolean foreign = found.isPresent() && !found.get().user().equals(user);
              RunnerId runner =
                  command.runner() == null
                      ? found.map(LinkedSession::runner).orElse(null)
                      : command.runner();
              if (foreign) {
                return Future.succeededFuture(Result.of(Outcome.FORBIDDEN, session));
              }
              return runner == null
                  ? Future.succeededFuture(Result.of(Outcome.UNKNOWN, session))
                  : kill(user, session, runner);
            });
  }

  private Future<Result> kill(UserId user, SessionId session, RunnerId runner) {
    return runners
        .find(runner)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(Result.of(Outcome.UNKNOWN, session));
              }
              if (!found.get().user().equals(user)) {
                return Future.succeededFuture(Result.of(Outcome.FORBIDDEN, session));
              }
              RawObject payload = RawObject.empty().put("sessionId", session.value());
              return line.emit(runner, "kill_session", payload.toJson())
                  .map(reply -> reached(session, reply.isDone()));
            });
  }

  private static Optional<Result> refusal(
      UserId user, SessionId session, Optional<LinkedSession> found) {
    if (found.isEmpty()) {
      return Optional.of(Result.of(Outcome.UNKNOWN, session));
    }
    return found.get().user().equals(user)
        ? Optional.empty()
        : Optional.of(Result.of(Outcome.FORBIDDEN, session));
  }

  private static Result reached(SessionId session, boolean taken) {
    return Result.of(taken ? Outcome.DELIVERED : Outcome.ABSENT, session);
  }
}
