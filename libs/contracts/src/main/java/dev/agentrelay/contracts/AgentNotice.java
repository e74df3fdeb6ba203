package dev.agentrelay.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's owner may want to hear of while nobody looks, said by the gateway that owns the
 * session (sockets.md 4.4.7). Delivered at least once and in order for one session.
 */
public sealed interface AgentNotice {
  About about();

  /**
   * What every notice tells of its session.
   *
   * @param noticeId tells a notice that comes again from a new one
   * @param collab whether the session takes answers from others than its own terminal
   * @param parentSessionId the session whose linked child this one is
   */
  record About(
      String noticeId,
      SessionId sessionId,
      UserId userId,
      Instant at,
      @Nullable String sessionName,
      boolean collab,
      @Nullable SessionId parentSessionId) {}

  /**
   * The agent has done its work.
   *
   * @param lastText what it said last, at most 301 characters of it
   */
  record Finished(About about, @Nullable String lastText) implements AgentNotice {}

  /**
   * The agent asks and waits.
   *
   * @param questions how many questions are asked at once
   * @param question the first of them
   * @param options the choices of the first, as the agent gave them
   */
  record Asked(
      About about,
      @Nullable String toolCallId,
      int questions,
      @Nullable String question,
      List<String> options)
      implements AgentNotice {}

  /**
   * A question has been answered or withdrawn.
   *
   * @param toolCallId which one; any when absent, because the session has gone
   */
  record Settled(About about, @Nullable String toolCallId) implements AgentNotice {}

  /** A plan waits for its review. */
  record PlanReady(About about) implements AgentNotice {}

  /** The agent has failed. */
  record Failed(About about, @Nullable String message) implements AgentNotice {}
}
