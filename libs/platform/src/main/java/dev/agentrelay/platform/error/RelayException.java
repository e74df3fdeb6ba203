package dev.agentrelay.platform.error;

import dev.agentrelay.contracts.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request ends here, with this answer. The message is shown to people. */
public class RelayException extends RuntimeException {
  private static final Duration SOON = Duration.ofSeconds(2);

  private final ErrorCode code;
  private final String text;
  private final @Nullable Duration retryAfter;

  public RelayException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** Something that is needed is away for a moment: 503, and when to come back. */
  public static RelayException unavailable() {
    return unavailable("Service temporarily unavailable");
  }

  /** The same with a text of its own. */
  public static RelayException unavailable(String text) {
    return new RelayException(ErrorCode.UNAVAILABLE, text, SOON);
  }

  /**
   * @param retryAfter when to come back; rounded up to whole seconds on the wire
   */
  public RelayException(ErrorCode code, String message, @Nullable Duration retryAfter) {
    super(message);
    this.code = code;
    this.text = message;
    this.retryAfter = retryAfter;
  }

  public ErrorCode code() {
    return code;
  }

  /** What people are shown. */
  public String text() {
    return text;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
