package dev.agentrelay.webhook.dispatch;

import dev.agentrelay.contracts.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What came of one attempt to bring a delivery to a session. */
sealed interface Outcome {
  /**
   * The session's worker has it.
   *
   * @param doubt why that is not certain; absent when it is
   */
  record Delivered(@Nullable String doubt) implements Outcome {}

  /**
   * It failed for good.
   *
   * @param started whether a session may have been started
   */
  record Failed(ErrorCode code, String text, boolean started) implements Outcome {}

  /** The runner, or what is needed to reach it, is away. Nothing was started. */
  record Away(ErrorCode code, String text) implements Outcome {}

  /** Something was asked for and no answer came; asking again under the same ids is safe. */
  record Unknown(String reason) implements Outcome {}
}
