package dev.agentrelay.contracts;

import java.util.Locale;

/**
 * Every code that an error answer can carry, with its HTTP status and whether trying again can
 * help.
 */
public enum ErrorCode {
  INVALID_REQUEST(400, false, "The request does not have the form that this call needs."),
  UNAUTHORIZED(401, false, "No credential, or one that is not valid."),
  FORBIDDEN(403, false, "The caller is known and may not do this."),
  SIGNUPS_CLOSED(403, false, "New accounts cannot be made here."),
  NOT_FOUND(404, false, "There is no such thing, or it belongs to somebody else."),
  METHOD_NOT_ALLOWED(405, false, "The path exists and does not take this method."),
  CONFLICT(409, false, "The state has changed since the caller looked."),
  GONE(410, false, "It was there once and is over, or has been used up."),
  PAYLOAD_TOO_LARGE(413, false, "The body is over its limit."),
  RANGE_NOT_SATISFIABLE(416, false, "The content ends before the range that was asked for."),
  UNPROCESSABLE(422, false, "The request is well formed and cannot be carried out as it stands."),
  RATE_LIMITED(429, true, "Too many requests; Retry-After says when to come back."),
  QUOTA_EXCEEDED(
      429, false, "The user has as much of this as one may have; something has to go first."),
  INTERNAL(500, true, "Something failed in the relay."),
  RUNNER_UNREACHABLE(
      502, true, "The runner is known and could not be reached, or did not answer in time."),
  UNAVAILABLE(503, true, "A part that is needed is away; Retry-After says when to come back."),
  TIMEOUT(504, true, "What was asked did not answer in time."),
  INSUFFICIENT_STORAGE(507, true, "The disk is full; an operator has to make room.");

  private final int status;
  private final boolean retryable;
  private final String meaning;

  ErrorCode(int status, boolean retryable, String meaning) {
    this.status = status;
    this.retryable = retryable;
    this.meaning = meaning;
  }

  /** The stable text that programs switch on, for example {@code rate_limited}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int status() {
    return status;
  }

  public boolean retryable() {
    return retryable;
  }

  /** One sentence for the generated error reference. */
  public String meaning() {
    return meaning;
  }
}
