package dev.agentrelay.auth.web;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call under {@code /api/auth} ends here, with {@code {code, message}} (rest.md 2.4). */
public class AuthException extends RuntimeException {
  private final int status;
  private final @Nullable AuthErrorBody body;

  public AuthException(int status, String code, String message) {
    super(message);
    this.status = status;
    this.body = new AuthErrorBody(code, message, null, null);
  }

  private AuthException(int status, @Nullable AuthErrorBody body) {
    super("status " + status);
    this.status = status;
    this.body = body;
  }

  /** A body whose text clients of this prefix read from {@code error} as well. */
  public static AuthException withError(int status, String code, String text) {
    return new AuthException(status, new AuthErrorBody(code, text, text, null));
  }

  /** A request that is not formed as it must be. */
  public static AuthException validation(String message) {
    return new AuthException(400, "VALIDATION_ERROR", message);
  }

  /** A key that has to rest. */
  public static AuthException usedUp(Duration wait) {
    return new AuthException(
        401,
        new AuthErrorBody(
            "RATE_LIMITED", "Rate limit exceeded.", null, Map.of("tryAgainIn", wait.toMillis())));
  }

  /** Nobody is signed in: 401 with an empty body. */
  public static AuthException unauthorized() {
    return new AuthException(401, null);
  }

  int status() {
    return status;
  }

  @Nullable AuthErrorBody body() {
    return body;
  }
}
