package dev.agentrelay.push.answer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand.InjectInput;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.RedisAnswer;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** P7 of rest.md 6.3: the answer to a question, given from a notification. */
@Path("/api/push/answer")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
@Startup
public class AnswerResource {
  private static final Duration DELIVER_WITHIN = Duration.ofSeconds(5);
  private static final String CLIENT = "push";

  private final CurrentCaller caller;
  private final LiveStateReader live;
  private final PendingQuestions questions;
  private final GatewayCommands gateways;
  private final JsonBody bodies;

  /** The answer: the worker's socket has it. */
  public record Done(boolean ok) {}

  AnswerResource(
      CurrentCaller caller,
      LiveStateReader live,
      PendingQuestions questions,
      GatewayCommands gateways,
      JsonBody bodies) {
    this.caller = caller;
    this.live = live;
    this.questions = questions;
    this.gateways = gateways;
    this.bodies = bodies;
  }

  @POST
  public Done answer(@Nullable String body) {
    ObjectNode given = bodies.require(body);
    String text = required(given, "text");
    String toolCallId = required(given, "toolCallId");
    SessionId session = new SessionId(required(given, "sessionId"));
    checkSession(session);
    String waiting =
        questions
            .waiting(session)
            .orElseThrow(() -> conflict("No question is currently pending for this session"));
    if (!waiting.equals(toolCallId)) {
      throw conflict("This answer does not match the current pending question");
    }
    String name =
        questions
            .take(session, toolCallId)
            .orElseThrow(() -> conflict("Answer already submitted or question resolved"));
    deliver(session, toolCallId, name, text);
    return new Done(true);
  }

  private void checkSession(SessionId id) {
    LiveSession session =
        RedisAnswer.await(live.session(id))
            .filter(found -> found.userId().equals(caller.userId()))
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
    if (!session.collab()) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Session is not in collab mode");
    }
  }

  /**
   * Uses the question up only when the worker has its answer, so that trying again works. Where it
   * is not known whether it has, trying again goes under the same name and does it once.
   */
  private void deliver(SessionId session, String toolCallId, String name, String text) {
    CommandAnswer answer;
    try {
      answer = send(session, name, text);
    } catch (RelayException unknown) {
      questions.giveBack(session, toolCallId, name);
      throw unknown;
    }
    if (!answer.isDelivered()) {
      questions.giveBack(session, toolCallId, UUID.randomUUID().toString());
      throw new RelayException(
          ErrorCode.RUNNER_UNREACHABLE, "Session runner not connected to this server");
    }
    questions.settle(session, toolCallId);
  }

  private CommandAnswer send(SessionId session, String name, String text) {
    InjectInput input = new InjectInput(session, text, null, CLIENT, null, null);
    CommandId id = new CommandId("push-answer:" + name);
    return gateways.send(id, caller.userId(), input, DELIVER_WITHIN).await().indefinitely();
  }

  private static String required(ObjectNode given, String member) {
    String text = JsonBody.text(given, member);
    if (text == null || text.isBlank()) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST, "Missing required fields: sessionId, text, toolCallId");
    }
    return text.strip();
  }

  private static RelayException conflict(String text) {
    return new RelayException(ErrorCode.CONFLICT, text);
  }
}
