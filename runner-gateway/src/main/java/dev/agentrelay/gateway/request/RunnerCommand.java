package dev.agentrelay.gateway.request;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.error.RelayException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A command as the runner knows it, and what becomes of its answer (rest.md 1.4).
 *
 * @param event the event that carries the command
 * @param limit how long the runner is given
 * @param refusal when an answer is a refusal, and what it becomes
 * @param noAnswer what is said when no answer comes; absent to say why
 */
public record RunnerCommand(
    String event, Duration limit, Refusal refusal, @Nullable String noAnswer) {

  /** Which answers are refusals. */
  public enum Rule {
    /** Those that do not say {@code ok:true}. */
    UNLESS_OK,
    /** Those that say {@code ok:false}. */
    IF_NOT_OK,
    /** None: the answer is passed on whatever it says. */
    NEVER
  }

  /**
   * What a refusal becomes.
   *
   * @param text what is said when the runner gives no message
   */
  public record Refusal(Rule rule, ErrorCode code, String text) {}

  /** A command whose answers are all passed on. */
  public static RunnerCommand of(String event, int seconds) {
    return new RunnerCommand(
        event,
        Duration.ofSeconds(seconds),
        new Refusal(Rule.NEVER, ErrorCode.RUNNER_UNREACHABLE, ""),
        null);
  }

  /** The same command, refused by answers that do not say {@code ok:true}. */
  public RunnerCommand refusedUnlessOk(ErrorCode code, String text) {
    return new RunnerCommand(event, limit, new Refusal(Rule.UNLESS_OK, code, text), noAnswer);
  }

  /** The same command, refused by answers that say {@code ok:false}. */
  public RunnerCommand refusedIfNotOk(ErrorCode code, String text) {
    return new RunnerCommand(event, limit, new Refusal(Rule.IF_NOT_OK, code, text), noAnswer);
  }

  /** The same command with one text for every reason why no answer comes. */
  public RunnerCommand noAnswer(String text) {
    return new RunnerCommand(event, limit, refusal, text);
  }

  /**
   * @throws RelayException when the answer is a refusal
   */
  void check(RawObject answer) {
    boolean refused =
        switch (refusal.rule()) {
          case UNLESS_OK -> !answer.isTrue("ok");
          case IF_NOT_OK -> answer.isFalse("ok");
          case NEVER -> false;
        };
    if (refused) {
      String message = answer.text("message");
      throw new RelayException(
          refusal.code(), message == null || message.isEmpty() ? refusal.text() : message);
    }
  }
}
