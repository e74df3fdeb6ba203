package dev.agentrelay.trigger.live;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.error.RelayException;

/** Ids as they stand in a path. What no store could hold is nobody's id. */
public final class PathIds {
  private PathIds() {}

  /**
   * @throws RelayException 404
   */
  public static SessionId session(String text) {
    return session(text, "Session not found");
  }

  /**
   * @param otherwise what people are told when it is nobody's
   * @throws RelayException 404
   */
  public static SessionId session(String text, String otherwise) {
    requireStorable(text, otherwise);
    return new SessionId(text);
  }

  /**
   * @throws RelayException 404
   */
  public static RunnerId runner(String text) {
    requireStorable(text, "Runner not found");
    return new RunnerId(text);
  }

  private static void requireStorable(String text, String otherwise) {
    if (text.isBlank() || !isStorable(text)) {
      throw new RelayException(ErrorCode.NOT_FOUND, otherwise);
    }
  }

  /** Postgres stores any text but NUL characters. */
  public static boolean isStorable(String text) {
    return text.indexOf('\0') < 0;
  }
}
